import { CrmError, crmUser, type AdapterContext, type CrmUser } from '@linefinder/core'
import type { MethodName } from '../description.js'
import type { DocumentMethods } from '../methods.js'
import { asksForUser, userField } from './auth.js'
import { everyRecord } from './paging.js'
import { oneOf, toUser } from './records.js'

/** Who the credentials belong to, as far as the document can tell. */
export async function getUser(methods: DocumentMethods, ctx: AdapterContext): Promise<CrmUser> {
  if (methods.has('CurrentUser')) return toUser(oneOf(await methods.call(ctx, 'CurrentUser', {}), 'user_id'))
  if (asksForUser(methods)) return chosenUser(methods, ctx)
  await prove(methods, ctx)
  return crmUser.parse({ id: 'installation', name: methods.description.name })
}

export async function listUsers(methods: DocumentMethods, ctx: AdapterContext): Promise<CrmUser[]> {
  const users = (await everyRecord(methods, ctx, 'Users')).map(toUser)
  return [...new Map(users.map(user => [user.id, user])).values()]
}

async function chosenUser(methods: DocumentMethods, ctx: AdapterContext): Promise<CrmUser> {
  const { [userField]: wanted = '' } = await ctx.filledIn()
  const key = wanted.trim().toLowerCase()
  const users = await listUsers(methods, ctx)
  const user = users.find(({ id }) => id === wanted.trim()) ?? users.find(({ email }) => email !== undefined && email.toLowerCase() === key)
  if (!user) throw new CrmError('unauthorized', { detail: 'The CRM has no such user.' })
  return user
}

/** Methods that read, and that need no value of a call. */
const reading: readonly MethodName[] = ['Users', 'Contacts', 'Organizations']

async function prove(methods: DocumentMethods, ctx: AdapterContext): Promise<void> {
  const name = reading.find(each => methods.find(each)?.verb === 'GET')
  if (name) await methods.call(ctx, name, {})
  else if (methods.has('FindContact')) {
    // Nobody has this number; that nobody is found proves as much.
    await methods.call(ctx, 'FindContact', { phone: '+10000000000' }).catch((error: unknown) => {
      if (!(error instanceof CrmError) || error.code !== 'not_found') throw error
    })
  }
}
