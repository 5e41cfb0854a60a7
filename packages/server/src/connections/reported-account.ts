import type { CrmUser } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { accountKeyOf, unreportedKeyOf } from './account-key.js'
import { lockCrmAccount } from './connection-statements.js'
import { deleteUnusedAccount, findAwaiting, hasPersonal, moveToAccount, nameAgent, noteReported } from './reported-account-statements.js'

export interface Reported {
  readonly tenantId: string
  readonly installationId: string
  readonly hostname: string
  readonly crmUser: CrmUser
}

/**
 * The account that the CRM names for its user, made when it is new, locked until the transaction ends. What an import has made for that
 * user, who was known by id only, moves there: links to activities as well, so that nothing of before is logged again.
 */
export async function settleReportedAccount(database: Database, { tenantId, installationId, hostname, crmUser }: Reported): Promise<string> {
  const accountId = await lockCrmAccount(database, {
    tenantId, installationId, accountKey: accountKeyOf(hostname, crmUser), externalId: crmUser.account?.id ?? null, name: crmUser.account?.name ?? null,
  })
  const awaiting = await findAwaiting(database, { tenantId, installationId, accountKey: unreportedKeyOf(hostname, crmUser.id) })
  if (!awaiting) return accountId
  await nameAgent(database, tenantId, awaiting.agentId, crmUser)
  if (awaiting.accountId === accountId) {
    await noteReported(database, tenantId, accountId)
  } else if (!(await hasPersonal(database, accountId, crmUser.id))) {
    await moveToAccount(database, { tenantId, connectionId: awaiting.connectionId, from: awaiting.accountId, to: accountId })
    await deleteUnusedAccount(database, tenantId, awaiting.accountId)
  }
  return accountId
}
