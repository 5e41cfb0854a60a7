import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { z } from 'zod'
import { CrmError } from '@linefinder/core'
import { createHttp } from '@linefinder/core/http'
import { ApiError, requestIdOf, type SessionCaller, type SurfaceServices } from '@linefinder/server'
import type { Hashes } from './hashes.js'
import type { WireSettings } from './options.js'
import { WireRefusal } from './refusal.js'
import type { Admin } from './wire.js'

/** Of RingCentral's `GET /restapi/v1.0/account/~/extension/~`. */
const extension = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  account: z.object({ id: z.union([z.string(), z.number()]).transform(String) }),
  permissions: z.object({ admin: z.object({ enabled: z.boolean() }).optional() }).optional(),
})

export interface RcUser {
  readonly accountHash: string
  readonly extensionHash: string
  readonly extensionId: string
  readonly isAdmin: boolean
}

const rememberMs = 60_000
const mostKnown = 1000
const deadlineMs = 8000

/** Who may use the admin's calls. A token is never trusted for being there: RingCentral is asked whose it is. */
export class AdminAccess {
  /** By the hash of the token. */
  readonly #known = new Map<string, { readonly user: RcUser; readonly until: number }>()

  constructor(
    private readonly services: Pick<SurfaceServices, 'callers' | 'guard' | 'settings'>,
    private readonly hashes: Hashes,
    private readonly settings: Pick<WireSettings, 'admin' | 'rcApi' | 'queryCredentials'>,
  ) {}

  /** Throws a refusal with 403, the same for every reason. */
  async prove(request: Request, query: URLSearchParams, caller: SessionCaller): Promise<Admin> {
    const token = rcTokenOf(request, query, this.settings.queryCredentials)
    if (token === null) throw refused()
    if (this.settings.admin.by === 'apiKey') return this.#byKey(token, caller)
    const user = await this.rcUser(token, requestIdOf(request))
    if (!user.isAdmin) throw refused()
    await this.#checkAccount(user, caller, request.method !== 'GET')
    return { rcAccountHash: user.accountHash, actor: `ringcentral:${user.extensionHash.slice(0, 16)}` }
  }

  /** Whose the RingCentral token of the request is; `null` without one, or where RingCentral is not asked. Throws as `rcUser`. */
  async findRcUser(request: Request, query: URLSearchParams): Promise<RcUser | null> {
    const token = this.settings.admin.by === 'apiKey' ? null : rcTokenOf(request, query, this.settings.queryCredentials)
    return token === null ? null : this.rcUser(token, requestIdOf(request))
  }

  /** Whose the token is, by RingCentral. Throws a refusal: 403 for a token that is none, 503 when RingCentral cannot be asked. */
  async rcUser(token: string, requestId: string): Promise<RcUser> {
    const name = createHash('sha256').update(token).digest('base64')
    const known = this.#known.get(name)
    if (known && known.until > Date.now()) return known.user
    const user = await this.#ask(token, requestId)
    const [oldest] = this.#known.keys()
    if (this.#known.size >= mostKnown && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(name, { user, until: Date.now() + rememberMs })
    return user
  }

  async #ask(token: string, requestId: string): Promise<RcUser> {
    const { guard } = this.services
    const http = createHttp({ guard, baseUrl: this.settings.rcApi, requestId, signal: AbortSignal.timeout(deadlineMs) })
    try {
      const { data } = await http.get<unknown>('/restapi/v1.0/account/~/extension/~', { headers: { Authorization: `Bearer ${token}` } })
      const { id, account, permissions } = extension.parse(data)
      const isKnownAccount = this.settings.admin.rcAccounts?.includes(account.id) ?? true
      return {
        accountHash: this.hashes.of(account.id), extensionHash: this.hashes.of(id), extensionId: id,
        isAdmin: isKnownAccount && permissions?.admin?.enabled === true,
      }
    } catch (error) {
      if (error instanceof CrmError && (error.code === 'unauthorized' || error.code === 'forbidden')) throw refused()
      throw new WireRefusal(503, 'RingCentral cannot be asked who you are. Try again later.')
    }
  }

  async #byKey(token: string, caller: SessionCaller): Promise<Admin> {
    try {
      const { tenantId, keyId } = await this.services.callers.admin(token)
      if (tenantId === caller.tenantId) return { rcAccountHash: null, actor: `key:${keyId}` }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    throw refused()
  }

  /** Anybody can be the administrator of some RingCentral account: it has to be the one that this CRM account goes with. */
  async #checkAccount({ accountHash }: RcUser, { tenantId, connection }: SessionCaller, isWriting: boolean): Promise<void> {
    if (this.settings.admin.rcAccounts) return
    const { settings } = this.services
    const key = { scope: 'app-connect', owner: `account:${connection.crmAccountId}`, name: 'rc-account' }
    const bound = await settings.get(tenantId, key)
    if (bound && bound.value !== accountHash) throw refused()
    if (!bound && isWriting) await settings.put(tenantId, key, accountHash)
  }
}

const refused = (): WireRefusal => new WireRefusal(403, 'Admin validation failed')

/** Header, then body, then query; with or without `Bearer`. */
function rcTokenOf(request: Request, query: URLSearchParams, takesQuery: boolean): string | null {
  const body = request.body as { readonly rcAccessToken?: unknown } | undefined
  const given = request.get('x-rc-access-token') ?? (typeof body?.rcAccessToken === 'string' ? body.rcAccessToken : null) ?? (takesQuery ? query.get('rcAccessToken') : null)
  const token = given?.replace(/^Bearer +/i, '').trim() ?? ''
  return token === '' || token === 'undefined' || token === 'null' || token.length > 8000 ? null : token
}
