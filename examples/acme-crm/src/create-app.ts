import express, { type Express } from 'express'
import { apiRouter } from './api/api-router.js'
import { requestId } from './api/request-id.js'
import { controlRoutes } from './control/control-routes.js'
import { injectFaults } from './control/faults.js'
import { createStats } from './control/stats.js'
import { createSwitchBoard } from './control/switches.js'
import { countRefreshes, countRevocations } from './control/watch-tokens.js'
import type { Database } from './database/open-database.js'
import { askConsent } from './oauth/ask-consent.js'
import { createAuthorizationServer } from './oauth/authorization-server.js'
import { clientDirectory, type ConfiguredClient } from './oauth/clients.js'
import { interactionRoutes } from './oauth/interaction-routes.js'
import { loadKeys } from './oauth/keys.js'
import { csrfGuard } from './pages/csrf.js'
import { messagePage } from './pages/layout.js'
import { pageRoutes } from './pages/page-routes.js'
import { securityHeaders } from './pages/security-headers.js'
import { webSessions } from './pages/web-session.js'

export interface AppOptions {
  readonly database: Database
  readonly publicUrl: string
  readonly oauthClients: readonly ConfiguredClient[]
  readonly accessTokenTtlSeconds: number
  readonly controlKey: string | undefined
  readonly log: (line: string) => void
}

export async function createApp(options: AppOptions): Promise<Express> {
  const { database, publicUrl, controlKey, log } = options
  const isSecure = publicUrl.startsWith('https:')
  const keys = await loadKeys(database)
  const clients = clientDirectory(database, options.oauthClients)
  const stats = createStats()
  const switchBoard = createSwitchBoard(options.accessTokenTtlSeconds)
  const sessions = webSessions(database, isSecure)
  const csrf = csrfGuard(keys.cookies.join(), isSecure)
  const provider = await createAuthorizationServer({
    database, clients, keys, publicUrl,
    accessTokenTtlSeconds: () => switchBoard.current().access_token_ttl_seconds,
    renderError: messagePage,
  })
  provider.on('server_error', (_context, error) => log(`Authorization failed: ${error.stack ?? error.message}`))
  countRefreshes(provider, stats)

  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use('/_control', controlRoutes({ database, switchBoard, stats, controlKey, log }))
  app.use(['/api', '/oauth'], requestId, stats.countRequest, injectFaults(switchBoard))
  app.use('/api/v1', apiRouter({ database, provider, log, switches: () => switchBoard.current() }))
  app.use('/oauth/revoke', countRevocations(stats))
  app.use('/oauth', askConsent, provider.callback())
  app.use(securityHeaders)
  app.use('/interaction', interactionRoutes({ database, provider, sessions, csrf }))
  app.use(pageRoutes({ database, clients, sessions, csrf, log }))
  return app
}
