import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { CrmError, crmUser, type CrmUser } from '@linefinder/core'
import type { CrmUserOfConnection, MappedUser } from '@linefinder/core/api'
import type { CallOptions, CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { listKnownAgents, listMappedUsers, lockMapping, replaceMappedUsers } from './mapping-statements.js'
import { withSuggestions } from './suggest-agent.js'

/** A connection together with the CRM account whose mapping it goes by. */
export interface MappedConnection extends CrmConnection {
  readonly crmAccountId: string
}

/** A CRM may need several pages for its users. */
const usersDeadlineMs = 30_000

/** Which of a CRM account's users has which extension of the phone system. */
export class UserMapping {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models' | 'adapters' | 'gateway'>) {}

  /** In the order of the extensions. */
  async list(tenantId: string, crmAccountId: string): Promise<MappedUser[]> {
    return listMappedUsers(this.deps.database, tenantId, crmAccountId)
  }

  /** All of them anew. `actor` is for the audit trail. Throws `invalid_fields` for an extension that comes twice. */
  async replace(tenantId: string, crmAccountId: string, entries: readonly MappedUser[], actor: string): Promise<MappedUser[]> {
    const { database, models } = this.deps
    throwWrong(entries, 'extension', 'comes twice', (extension, index) => entries.findIndex(entry => entry.extension === extension) !== index)
    return database.transaction(async () => {
      await lockMapping(database, tenantId, crmAccountId)
      await replaceMappedUsers(database, tenantId, crmAccountId, entries)
      await models.audit.create({ id: randomUUID(), tenantId, actor, action: 'user_mapping.replaced', subject: `crm_account:${crmAccountId}`, details: { entries: entries.length } })
      return this.list(tenantId, crmAccountId)
    })
  }

  /** The CRM's users. Throws `CrmError`, `unsupported` where the adapter lists none. */
  async users(connection: CrmConnection, options: CallOptions): Promise<CrmUser[]> {
    return this.deps.gateway.call(connection, { deadlineMs: usersDeadlineMs, ...options }, z.array(crmUser), async (adapter, ctx) => {
      if (!adapter.listUsers) throw new CrmError('unsupported')
      return adapter.listUsers(ctx)
    })
  }

  /** The same with what is mapped to them, and who they seem to be. */
  async suggest(connection: MappedConnection, options: CallOptions): Promise<CrmUserOfConnection[]> {
    const { tenantId, crmAccountId } = connection
    const users = await this.users(connection, options)
    const [mapping, agents] = await Promise.all([this.list(tenantId, crmAccountId), listKnownAgents(this.deps.database, tenantId, crmAccountId)])
    return withSuggestions(users, mapping, agents)
  }

  /** Throws `invalid_fields` for users that the CRM does not list, where the adapter lists them, and `CrmError` when it cannot be asked. */
  async checkUsers(connection: CrmConnection, entries: readonly MappedUser[], options: CallOptions): Promise<void> {
    if (entries.length === 0 || !this.deps.adapters.get(connection.tenantId, connection.adapter).listUsers) return
    const known = new Set<string>((await this.users(connection, options)).map(({ id }) => id))
    throwWrong(entries, 'crmUserId', 'is no user of the CRM', id => !known.has(id))
  }
}

function throwWrong<Name extends keyof MappedUser>(
  entries: readonly MappedUser[], name: Name, message: string, isWrong: (value: MappedUser[Name], index: number) => boolean,
): void {
  const errors = entries.flatMap((entry, index) => isWrong(entry[name], index) ? [{ in: 'body' as const, pointer: `/entries/${String(index)}/${name}`, message }] : [])
  if (errors.length > 0) throw new ApiError('invalid_fields', { errors })
}
