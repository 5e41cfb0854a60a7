import type { Request, Response } from 'express'
import type { Access, ApiKeyScope } from '@linefinder/core/api'
import type { Database } from '../database/database.js'
import type { AdapterRegistry } from '../installations/adapter-registry.js'
import { parseSettings } from '../installations/parse-settings.js'
import { hashToken } from '../secrets/token.js'
import { ApiError } from './api-error.js'
import type { AdminCaller, Caller, CallerConnection, CallerDirectory, KeyCaller, SessionCaller } from './caller.js'
import { findApiKey, findSharedConnection, sessionFinder, type ConnectionColumns, type DirectoryColumns } from './credential-statements.js'
import { noteTenant } from './request-log.js'
import { wrongField } from './wrong-field.js'

/** Every session token and every API key begins with one of these, so that people and secret scanners know them. */
export const sessionTokenPrefix = 'lfs_'
export const apiKeyPrefix = 'lfk_'

/** Names the shared connection for a request with an API key. */
export const connectionHeader = 'Linefinder-Connection'

/** Proves who calls, by one prepared statement. */
export class Callers {
  readonly #sessions: ReturnType<typeof sessionFinder>

  constructor(private readonly database: Database, private readonly adapters: Pick<AdapterRegistry, 'ready'>) {
    this.#sessions = sessionFinder(database)
  }

  async prove(access: Access, request: Request, response: Response): Promise<Caller | AdminCaller | undefined> {
    if (access === 'public') return undefined
    const caller = await this.#proven(access, request, response)
    await this.adapters.ready(caller.tenantId)
    noteTenant(request, caller.tenantId)
    return caller
  }

  /**
   * The caller whose session has this hash, for a surface with tokens of its own; the surface answers for the web origin. Throws `unauthenticated`,
   * `session_expired`, and `installation_disabled` unless the session is about to be ended.
   */
  async session(sessionHash: Buffer, { isEnding = false } = {}): Promise<SessionCaller> {
    const caller = await this.#sessionOf(sessionHash, isEnding)
    await this.adapters.ready(caller.tenantId)
    return caller
  }

  /** Throws `unauthenticated`, or `missing_scope` for a key without the scope `admin`. */
  async admin(token: string): Promise<AdminCaller> {
    return this.#admin(token)
  }

  async #proven(access: Exclude<Access, 'public'>, request: Request, response: Response): Promise<Caller | AdminCaller> {
    const basic = access === 'lookup' ? basicOf(request) : undefined
    if (basic) return this.#key(basic.password, 'lookup', { connectionId: basic.user, wrong: wrongBasicUser })
    const token = bearerTokenOf(request)
    if (access === 'admin' || access === 'owner' && token.startsWith(apiKeyPrefix)) return this.#admin(token)
    if (access === 'owner') return this.#owner(token, request, response)
    if (access === 'session' || !token.startsWith(apiKeyPrefix)) return this.#session(token, request, response)
    return this.#key(token, access, { connectionId: request.get(connectionHeader) ?? '', wrong: wrongConnectionHeader })
  }

  async #session(token: string, request: Request, response: Response): Promise<SessionCaller> {
    // Ending the session or the connection stays possible.
    return this.#sessionOf(hashToken(token), request.method === 'DELETE', webOrigins => { refuseForeignOrigin(request, response, webOrigins) })
  }

  async #sessionOf(sessionHash: Buffer, isEnding: boolean, checkOrigin?: (webOrigins: readonly string[]) => void): Promise<SessionCaller> {
    const row = await this.#sessions.find(sessionHash)
    if (!row) throw new ApiError('unauthenticated')
    if (row.isExpired) throw new ApiError('session_expired')
    checkOrigin?.(row.webOrigins)
    const connection = toConnection(row)
    if (connection.state === 'revoked') throw new ApiError('session_expired')
    if (!isEnding) refuseDisabled(connection)
    return {
      kind: 'session', tenantId: connection.tenantId, connection,
      clientAppId: row.clientAppId, phoneSystem: row.phoneSystem, sessionHash, expiresAt: row.expiresAt,
    }
  }

  /** Another's connection is as good as none. */
  async #owner(token: string, request: Request, response: Response): Promise<SessionCaller> {
    const caller = await this.#session(token, request, response)
    if (request.params['id'] !== caller.connection.id) throw new ApiError('not_found', { detail: 'The session is of another connection.' })
    return caller
  }

  async #key(token: string, scope: ApiKeyScope, { connectionId, wrong }: NamedConnection): Promise<KeyCaller> {
    const key = await this.#findKey(token, scope)
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(connectionId)) throw wrong()
    const [row] = await findSharedConnection(this.database, key.tenantId, connectionId)
    if (!row) throw new ApiError('not_found', { detail: 'The tenant has no such shared connection.' })
    const connection = toConnection(row)
    refuseDisabled(connection)
    return { kind: 'key', tenantId: key.tenantId, connection, phoneSystem: key.name, keyId: key.id }
  }

  async #admin(token: string): Promise<AdminCaller> {
    const key = await this.#findKey(token, 'admin')
    return { kind: 'admin', tenantId: key.tenantId, keyId: key.id, scopes: key.scopes }
  }

  async #findKey(token: string, scope: ApiKeyScope) {
    const [key] = await findApiKey(this.database, hashToken(token))
    if (!key) throw new ApiError('unauthenticated')
    if (!key.scopes.includes(scope)) throw new ApiError('missing_scope', { detail: `This needs a key with the scope "${scope}".` })
    return key
  }
}

/** RFC 6750 §2.1: the header only, never the query. Throws `unauthenticated`. */
export function bearerTokenOf(request: Request): string {
  const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]{1,500})$/i.exec(request.get('authorization') ?? '') ?? []
  if (token === undefined) throw new ApiError('unauthenticated')
  return token
}

/**
 * RFC 7617, for PBXs that cannot set headers: the id of the shared connection as user, the API key as password. Never a
 * session token: browsers keep what they sent by Basic, and send it again unasked.
 */
function basicOf(request: Request): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]{1,1000}={0,2})$/i.exec(request.get('authorization') ?? '') ?? []
  if (encoded === undefined) return undefined
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (!password.startsWith(apiKeyPrefix)) throw new ApiError('unauthenticated')
  return { user, password }
}

interface NamedConnection {
  readonly connectionId: string
  /** What to throw when it is no id. */
  wrong(): ApiError
}

const wrongConnectionHeader = () => wrongField('header', `/${connectionHeader}`, 'must name a shared connection of the tenant')
const wrongBasicUser = () => wrongField('header', '/Authorization', 'must have the id of a shared connection of the tenant as user')

/** A session belongs to its client app, so only that app's pages may use it from a browser. */
function refuseForeignOrigin(request: Request, response: Response, webOrigins: readonly string[]): void {
  const origin = request.get('origin')
  if (origin === undefined || webOrigins.includes(origin)) return
  response.removeHeader('Access-Control-Allow-Origin')
  throw new ApiError('origin_not_allowed')
}

/** An admin who switches an installation off stops everyone who has connected to it. */
function refuseDisabled({ isInstallationEnabled }: CallerConnection): void {
  if (!isInstallationEnabled) throw new ApiError('installation_disabled')
}

const toConnection = (row: ConnectionColumns): CallerConnection => ({
  id: row.connectionId,
  tenantId: row.tenantId,
  installationId: row.installationId,
  adapter: row.adapter,
  settings: parseSettings(row.settings),
  sealedSecrets: row.sealedSecrets,
  isInstallationEnabled: row.isInstallationEnabled,
  crmAccountId: row.crmAccountId,
  agentId: row.agentId,
  kind: row.kind,
  state: row.state,
  health: { state: row.state, failures: row.failures, pausedUntil: row.pausedUntil },
  hostname: row.hostname,
  crmUser: row.crmUser,
  connectedAt: row.connectedAt,
  directory: toDirectory(row),
})

export const toDirectory = ({ directoryId, directorySyncedAt, directoryAnswersMisses }: DirectoryColumns): CallerDirectory | null =>
  directoryId === null ? null : { id: directoryId, syncedAt: directorySyncedAt, answersMisses: directoryAnswersMisses === true }
