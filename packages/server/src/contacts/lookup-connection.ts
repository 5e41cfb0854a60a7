import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Database } from '../database/database.js'
import type { CallerConnection } from '../http/caller.js'
import { toDirectory } from '../http/callers.js'
import { directoryColumns, directoryJoin, type DirectoryColumns } from '../http/credential-statements.js'

/** What finding and making contacts need to know of their connection. */
export type LookupConnection = CrmConnection & Pick<CallerConnection, 'crmAccountId' | 'directory'>

/** For work without a caller. Throws when the connection is gone: rows that need it keep it. */
export async function getLookupConnection(database: Database, connection: CrmConnection): Promise<LookupConnection> {
  const [row] = await database.query<DirectoryColumns & { crmAccountId: string }>({
    name: 'get-lookup-connection',
    text: `
      SELECT c.crm_account_id AS "crmAccountId", ${directoryColumns}
      FROM connections c ${directoryJoin}
      WHERE c.tenant_id = $1 AND c.id = $2`,
  }, [connection.tenantId, connection.id])
  if (!row) throw new Error('a connection vanished while it was used')
  return { ...connection, crmAccountId: row.crmAccountId, directory: toDirectory(row) }
}
