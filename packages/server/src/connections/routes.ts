import type { Request } from 'express'
import { crmUser } from '@linefinder/core'
import { api, type ConnectionResource } from '@linefinder/core/api'
import type { SessionCaller } from '../http/caller.js'
import { byAddress } from '../http/rate-limit.js'
import { route, type Route } from '../http/route.js'
import { hashToken } from '../secrets/token.js'
import type { Services } from '../services.js'
import { standingOf } from './standing.js'

export const connectionRoutes: Route[] = [
  route(api.connecting.createSession, async ({ body, services }) => {
    const app = await services.clientApps.get(body.client_id)
    const connection = await services.oauth.redeem({
      clientAppId: app.id, code: body.code, codeVerifier: body.code_verifier, redirectUri: body.redirect_uri,
    })
    return services.sessions.create(app.id, connection)
  }, { limits: [{ name: 'sessionsPerAddress', keyOf: byAddress }] }),

  route(api.connecting.createConnection, async ({ body, services, requestId, log, signal }) => {
    const app = await services.clientApps.get(body.client_id)
    const chosen = await services.installations.choose(app.tenantId, body.installation, body.host)
    const connection = await services.connections.connectByFields(chosen, 'personal', body.fields, { requestId, log, signal })
    return services.sessions.create(app.id, connection)
  }, { limits: [{ name: 'connectionsPerAddress', keyOf: byAddress }, { name: 'connectionsPerHost', keyOf: byHost }] }),

  route(api.me.get, async ({ caller, services, requestId, log, signal }) => {
    const { connection, expiresAt } = caller
    const user = await services.gateway.call(connection, { requestId, log, signal }, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
    await services.connections.noteCrmUser(connection, user)
    return {
      user,
      connection: await resourceOf(caller, services),
      session: { expiresAt: expiresAt.toISOString() },
    }
  }),

  route(api.me.getConnection, async ({ caller, services }) => resourceOf(caller, services)),

  route(api.me.endSession, async ({ caller, services }) => {
    await services.sessions.end(caller.sessionHash)
  }),

  route(api.me.endConnection, async ({ caller, services, requestId, log }) => {
    await services.connections.revoke(caller.tenantId, caller.connection.id, { requestId, log })
  }),
]

/** Read now: what the caller was proven with may be from before a call to the CRM. */
async function resourceOf({ tenantId, connection: { id, adapter } }: SessionCaller, { connections }: Services): Promise<ConnectionResource> {
  const row = await connections.get(tenantId, id)
  return { id, installation: row.installationId, adapter, host: row.hostname, ...standingOf(row), connectedAt: row.connectedAt.toISOString() }
}

/** Of a body that nobody has looked at yet, so of any size and shape: hashed. Letter case makes no other host. */
function byHost({ body }: Request): string {
  const { installation, host } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return hashToken(JSON.stringify([installation, host]).toLowerCase()).toString('base64url')
}
