import { QueryTypes } from 'sequelize'
import { codePageRedirect } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { ClientAppRow } from './models.js'

export class ClientAppService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>) {}

  /** By its public id, whatever the tenant: the id is what names the tenant. Throws `client_app_not_found`. */
  async get(id: string): Promise<ClientAppRow> {
    const row = await this.deps.models.clientApps.findByPk(id)
    if (!row) throw new ApiError('client_app_not_found')
    return row
  }

  /** Whether any client app may call from this web origin. A preflight names neither app nor session, so this is all it can ask. */
  async isKnownOrigin(origin: string): Promise<boolean> {
    const rows = await this.deps.database.sequelize.query(
      'SELECT 1 FROM client_apps WHERE web_origins @> $1::jsonb LIMIT 1',
      { bind: [JSON.stringify([origin])], type: QueryTypes.SELECT },
    )
    return rows.length > 0
  }
}

/** Throws `redirect_not_allowed` unless the app registered the address. On loopback any port matches (RFC 8252 §7.3). */
export function checkRedirectUri(app: Pick<ClientAppRow, 'redirectUris'>, redirectUri: string): void {
  if (app.redirectUris.some(registered => registered === redirectUri || isSameLoopback(registered, redirectUri))) return
  throw new ApiError('redirect_not_allowed')
}

function isSameLoopback(registered: string, asked: string): boolean {
  if (registered === codePageRedirect || !URL.canParse(registered) || !URL.canParse(asked)) return false
  const [a, b] = [new URL(registered), new URL(asked)]
  if (a.protocol !== 'http:' || !['127.0.0.1', '[::1]'].includes(a.hostname)) return false
  a.port = b.port
  return a.href === b.href
}
