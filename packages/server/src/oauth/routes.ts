import { api, codePageRedirect } from '@linefinder/core/api'
import { sendReconnectedPage } from '../connections/reconnect-page.js'
import { keepOpener } from '../http/browser-page.js'
import { route, type Route } from '../http/route.js'
import { checkRedirectUri } from '../tenants/client-app-service.js'
import { sendCodePage, sendSharedReadyPage } from './code-page.js'
import type { ClientAnswer } from './oauth-flow.js'

export const oauthRoutes: Route[] = [
  route(api.connecting.authorize, async ({ query, request, response, services }) => {
    const app = await services.clientApps.get(query.client_id)
    checkRedirectUri(app, query.redirect_uri)
    const chosen = await services.installations.choose(app.tenantId, query.installation, query.host)
    const client = { clientAppId: app.id, redirectUri: query.redirect_uri, state: query.state, codeChallenge: query.code_challenge }
    await services.oauth.start(chosen, { kind: 'personal', client, reconnectLinkHash: null }, request, response)
  }),

  route(api.connecting.connectShared, async ({ params, request, response, services }) => {
    await services.oauth.startShared(params.link, request, response)
  }),

  route(api.connecting.callback, async ({ query, request, response, services, requestId, log, signal }) => {
    const landing = await services.oauth.finish(query, request, response, { requestId, log, signal })
    if (landing.for !== 'client') {
      if (landing.for === 'admin') sendSharedReadyPage(response)
      else sendReconnectedPage(response)
      return
    }
    const { webOrigins } = await services.clientApps.get(landing.client.clientAppId)
    keepOpener(response)
    if (landing.client.redirectUri === codePageRedirect) sendCodePage(response, landing, webOrigins)
    else response.redirect(withParams(landing.client.redirectUri, landing.answer))
  }),
]

function withParams(redirectUri: string, answer: ClientAnswer): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
  return url.href
}
