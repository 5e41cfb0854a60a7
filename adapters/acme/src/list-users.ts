import { crmUserId, type AdapterContext, type CrmUser } from '@linefinder/core'
import * as answers from './answers.js'

/** Acme gives them in pages. The account is the one that whoever asks is in. */
export async function listUsers({ http, connection }: AdapterContext): Promise<CrmUser[]> {
  const found: CrmUser[] = []
  const account = connection.user?.account
  let cursor: string | null = null
  do {
    const page: answers.Users = answers.users.parse((await http.get('/users', { params: { limit: 200, cursor } })).data)
    for (const { id, name, email } of page.items) found.push({ id: crmUserId.parse(id), name, email, ...(account && { account }) })
    cursor = page.next_cursor
  } while (cursor !== null)
  return found
}
