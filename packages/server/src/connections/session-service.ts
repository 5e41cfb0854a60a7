import type { SessionToken } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { sessionTokenPrefix } from '../http/callers.js'
import { hashToken, newToken } from '../secrets/token.js'
import { deleteExpiredSessions, deleteSession, insertSession, type NewSession } from './session-statements.js'

/** What client apps hold after connecting. */
export class SessionService {
  constructor(private readonly deps: Pick<Dependencies, 'database'>) {}

  /** The token is in the answer only; a hash is stored. Throws `invalid_grant` when the connection has been revoked meanwhile. */
  async create(clientAppId: string, connection: { readonly tenantId: string; readonly id: string }): Promise<SessionToken> {
    const token = newToken(sessionTokenPrefix)
    const session = await this.createFor(hashToken(token), clientAppId, connection)
    return {
      token,
      tokenType: 'Bearer',
      expiresAt: session.expiresAt.toISOString(),
      connection: { id: session.connectionId, installation: session.installationId, adapter: session.adapter, state: session.state },
      user: session.crmUser,
    }
  }

  /** The same for a surface with tokens of its own, whose hash it is. */
  async createFor(tokenHash: Buffer, clientAppId: string, connection: { readonly tenantId: string; readonly id: string }): Promise<NewSession> {
    await deleteExpiredSessions(this.deps.database)
    const session = await insertSession(this.deps.database, { tokenHash, clientAppId, tenantId: connection.tenantId, connectionId: connection.id })
    if (!session) throw new ApiError('invalid_grant', { detail: 'The connection has ended.' })
    return session
  }

  async end(tokenHash: Buffer): Promise<void> {
    await deleteSession(this.deps.database, tokenHash)
  }
}
