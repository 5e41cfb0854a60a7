import { randomUUID } from 'node:crypto'
import { CrmError, type CrmUser } from '@linefinder/core'
import type { Credentials } from '@linefinder/core/http'
import type { CallOptions, CrmConnection } from '../crm/crm-gateway.js'
import { makeConnectionDue } from '../ledger/due-statements.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Dependencies } from '../dependencies.js'
import type { DirectoryService } from '../directory/directory-service.js'
import { ApiError } from '../http/api-error.js'
import { hostsOf, type ChosenInstallation } from '../installations/installation-service.js'
import { accountKeyOf, unreportedKeyOf } from './account-key.js'
import { checkAuthFields } from './auth-fields.js'
import { insertConnectLink } from './connect-link-statements.js'
import {
  findConnectionId, forgetCredentials, holdInstallation, insertConnection, resumeConnection, storeCrmUser,
} from './connection-statements.js'
import type { ConnectionKind, ConnectionRow, ConnectionState } from './models.js'
import { deleteReconnectLinksOf, takeReconnectLink, type ReconnectLink } from './reconnect-link-statements.js'
import { settleReportedAccount } from './reported-account.js'
import { deleteCodesOf, deleteSessionsOf } from './session-statements.js'
import { refuseUnproven } from './unproven-identity.js'

export class ConnectionService {
  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'models' | 'installations' | 'gateway' | 'vault' | 'health' | 'publicUrl'> & { readonly directories: DirectoryService; readonly ledger: Pick<Ledger, 'wake'> },
  ) {}

  /**
   * Connects by the filled-in auth form. The CRM is asked first; nothing is stored of what it refuses. Throws
   * `identity_unproven`, `wrong_auth_form`, `invalid_fields`, `login_refused` or `CrmError`.
   */
  async connectByFields(
    chosen: ChosenInstallation, kind: ConnectionKind, fields: Readonly<Record<string, string>>, options: CallOptions,
  ): Promise<ConnectionRow> {
    refuseUnproven(chosen, kind)
    return this.connectByTokens(chosen, kind, await this.#logIn(chosen, fields, options), options)
  }

  /** Connects by credentials that the CRM has just given. Throws `identity_unproven`, `login_refused` or `CrmError`. */
  async connectByTokens(chosen: ChosenInstallation, kind: ConnectionKind, given: Credentials, options: CallOptions): Promise<ConnectionRow> {
    refuseUnproven(chosen, kind)
    const { crmUser, held } = await this.deps.gateway.identify(toBeConnected(chosen), options, given).catch(throwAsRefusedLogin)
    const stored = await this.deps.database.transaction(() => this.#store(chosen, kind, crmUser, held, options.requestId))
    await this.#noteRenewed(stored)
    return stored.connection
  }

  /** The same for the connection of a link, which it uses up. Throws as `reconnectByTokens`, `wrong_auth_form` and `invalid_fields` beside. */
  async reconnectByFields(link: ReconnectLink, chosen: ChosenInstallation, fields: Readonly<Record<string, string>>, options: CallOptions): Promise<ConnectionRow> {
    return this.reconnectByTokens(link, chosen, await this.#logIn(chosen, fields, options), options)
  }

  /**
   * Throws `login_refused`, `other_crm_user` unless the credentials are of the very CRM user that the connection is for,
   * `reconnect_link_invalid` when it was used meanwhile, or `CrmError`. Then nothing has changed.
   */
  async reconnectByTokens(link: ReconnectLink, chosen: ChosenInstallation, given: Credentials, options: CallOptions): Promise<ConnectionRow> {
    const { database } = this.deps
    const { crmUser, held } = await this.deps.gateway.identify(toBeConnected(chosen), options, given).catch(throwAsRefusedLogin)
    const accountKey = link.awaitsReport ? unreportedKeyOf(chosen.hostname, crmUser.id) : accountKeyOf(chosen.hostname, crmUser)
    if (crmUser.id !== link.crmUser.id || accountKey !== link.accountKey) throw new ApiError('other_crm_user')
    const stored = await database.transaction(async () => {
      await this.#checkStillOpen(chosen)
      if (!(await takeReconnectLink(database, link.linkHash))) throw new ApiError('reconnect_link_invalid', { detail: 'It has been used meanwhile.' })
      if (link.awaitsReport) await settleReportedAccount(database, { ...link, crmUser })
      return this.#resume(link.tenantId, link.connectionId, link.kind, crmUser, held, options.requestId)
    })
    await this.#noteRenewed(stored)
    return stored.connection
  }

  /** Throws `not_found`, also for another tenant's. */
  async get(tenantId: string, connectionId: string): Promise<ConnectionRow> {
    const connection = await this.deps.models.connections.findOne({ where: { tenantId, id: connectionId } })
    if (!connection) throw new ApiError('not_found', { detail: 'The tenant has no such connection.' })
    return connection
  }

  /**
   * Logs the connection out of its CRM, forgets its credentials and ends its sessions. A CRM that cannot be told does not keep
   * the agent in. `actor` is for the audit trail; default the connection itself. Throws `not_found`, also for another tenant's.
   */
  async revoke(tenantId: string, connectionId: string, options: CallOptions, actor = `connection:${connectionId}`): Promise<void> {
    const { database } = this.deps
    const connection = await this.get(tenantId, connectionId)
    if (connection.state === 'healthy' || connection.state === 'degraded') await this.#revokeAtCrm(connection, options)
    await database.transaction(async () => {
      await forgetCredentials(database, tenantId, connectionId)
      await deleteSessionsOf(database, connectionId)
      await deleteCodesOf(database, connectionId)
      await deleteReconnectLinksOf(database, tenantId, connectionId)
      // What it was shown is nobody's any more.
      await this.deps.directories.remove(tenantId, connectionId)
      await this.#audit(tenantId, actor, 'connection.revoked', connectionId, { requestId: options.requestId })
    })
  }

  /** A one-time address, good for ten minutes, at which an admin connects a shared connection by OAuth 2.0. Throws `wrong_auth_form`. */
  async createConnectLink(tenantId: string, installationId: string, host?: string): Promise<{ authorizeUrl: string; expiresAt: string }> {
    const { scheme, hostname } = await this.deps.installations.choose(tenantId, installationId, host)
    if (scheme.type !== 'oauth2') throw new ApiError('wrong_auth_form')
    const { link, expiresAt } = await insertConnectLink(this.deps.database, { tenantId, installationId, hostname })
    return { authorizeUrl: `${this.deps.publicUrl()}/v1/authorize/${link}`, expiresAt: expiresAt.toISOString() }
  }

  /** Keeps what the CRM now says of the user. */
  async noteCrmUser(connection: CrmConnection, crmUser: CrmUser): Promise<void> {
    const known = connection.crmUser
    if (known?.id !== crmUser.id || (known.name === crmUser.name && known.email === crmUser.email && known.timezone === crmUser.timezone)) return
    await storeCrmUser(this.deps.database, connection.tenantId, connection.id, crmUser)
  }

  /** The CRM has told of the user of a connection that an import made. */
  async noteReportedAccount({ tenantId, installationId, hostname }: CrmConnection, crmUser: CrmUser): Promise<void> {
    await this.deps.database.transaction(() => settleReportedAccount(this.deps.database, { tenantId, installationId, hostname, crmUser }))
  }

  async #store(chosen: ChosenInstallation, kind: ConnectionKind, crmUser: CrmUser, held: Credentials, requestId: string): Promise<Stored> {
    const { database, vault } = this.deps
    const { installation: { id: installationId, tenantId }, hostname } = chosen
    await this.#checkStillOpen(chosen)
    const crmAccountId = await settleReportedAccount(database, { tenantId, installationId, hostname, crmUser })
    const owner = { crmAccountId, crmUserId: crmUser.id, kind }
    const known = await findConnectionId(database, owner)
    if (known !== null) return this.#resume(tenantId, known, kind, crmUser, held, requestId)
    const id = randomUUID()
    const connection = await insertConnection(database, {
      ...owner, id, tenantId, installationId, hostname, crmUser, credentials: vault.seal(id, held),
      agentId: kind === 'personal' ? await this.#createAgent(tenantId, crmUser) : null,
    })
    await this.#audit(tenantId, `connection:${id}`, 'connection.created', id, { kind, requestId })
    return { connection, stateBefore: connection.state }
  }

  /** What waited for the connection goes out. */
  async #resume(tenantId: string, id: string, kind: ConnectionKind, crmUser: CrmUser, held: Credentials, requestId: string): Promise<Stored> {
    const { database, vault, directories } = this.deps
    const { stateBefore, ...connection } = await resumeConnection(database, tenantId, id, crmUser, vault.seal(id, held))
    await directories.resume(tenantId, id)
    await makeConnectionDue(database, tenantId, id)
    await this.#audit(tenantId, `connection:${id}`, 'connection.resumed', id, { kind, requestId })
    return { connection, stateBefore }
  }

  async #noteRenewed({ connection: { id, tenantId, state }, stateBefore }: Stored): Promise<void> {
    await this.deps.health.noteRenewed({ id, tenantId, from: stateBefore, to: state })
    this.deps.ledger.wake(id)
  }

  async #logIn(chosen: ChosenInstallation, fields: Readonly<Record<string, string>>, options: CallOptions): Promise<Credentials> {
    const { scheme } = chosen
    if (scheme.type === 'oauth2') throw new ApiError('wrong_auth_form')
    const values = checkAuthFields(scheme.fields, fields)
    return this.deps.gateway.logIn(toBeConnected(chosen), options, scheme, values).catch(throwAsRefusedLogin)
  }

  /** The admin may have switched the installation off, or removed the host, while the CRM was asked. */
  async #checkStillOpen({ installation: { id, tenantId }, adapter, hostname }: ChosenInstallation): Promise<void> {
    await holdInstallation(this.deps.database, tenantId, id)
    const installation = await this.deps.installations.get(tenantId, id)
    if (!installation.enabled) throw new ApiError('installation_disabled')
    if (!hostsOf(installation, adapter).includes(hostname)) throw new ApiError('host_not_allowed')
  }

  /** Always a new one: an e-mail address that a CRM reports makes nobody somebody. */
  async #createAgent(tenantId: string, { name, email }: CrmUser): Promise<string> {
    const { id } = await this.deps.models.agents.create({ id: randomUUID(), tenantId, name, email: email ?? null, extensions: [] })
    return id
  }

  async #revokeAtCrm(connection: ConnectionRow, { requestId, log }: CallOptions): Promise<void> {
    try {
      const { adapter, settings, secrets } = await this.deps.installations.get(connection.tenantId, connection.installationId)
      const { id, tenantId, installationId, hostname, crmUser } = connection
      // Not the caller's signal: one who has hung up still wants to be out.
      await this.deps.gateway.revoke({ id, tenantId, installationId, hostname, crmUser, adapter, settings, sealedSecrets: secrets }, { requestId, log })
    } catch (error) {
      log.warn({ err: error, connection: connection.id }, 'the CRM could not be told that the connection ends')
    }
  }

  async #audit(tenantId: string, actor: string, action: string, subject: string, details: Record<string, unknown>): Promise<void> {
    await this.deps.models.audit.create({ id: randomUUID(), tenantId, actor, action, subject: `connection:${subject}`, details })
  }
}

/** A connection whose credentials have been stored, and its state before. */
interface Stored {
  readonly connection: ConnectionRow
  readonly stateBefore: ConnectionState
}

/** What the gateway needs before there is a row. */
const toBeConnected = ({ installation, hostname }: ChosenInstallation): CrmConnection => ({
  id: randomUUID(),
  tenantId: installation.tenantId,
  installationId: installation.id,
  adapter: installation.adapter,
  settings: installation.settings,
  sealedSecrets: installation.secrets,
  hostname,
  crmUser: null,
})

/** While connecting, refused credentials are the caller's news and not a broken connection. */
export function throwAsRefusedLogin(error: unknown): never {
  if (error instanceof CrmError && error.code === 'unauthorized') throw new ApiError('login_refused', { cause: error })
  throw error
}
