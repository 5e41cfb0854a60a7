import express, { Router, type ErrorRequestHandler } from 'express'
import type { Surface, SurfaceServices } from '@linefinder/server'
import { isConnectorAdapter } from '../extras.js'
import { aboutRoutes } from './about-routes.js'
import { ActivityForms } from './activity-forms.js'
import { AdminAccess } from './admin-access.js'
import { adminRoutes } from './admin-routes.js'
import { calldownRoutes } from './calldown-routes.js'
import { callLogRoutes } from './call-log-routes.js'
import { connectorRoutes } from './connector-routes.js'
import { contactRoutes } from './contact-routes.js'
import { answerCors } from './cors.js'
import { giveAdminSettingsTo } from './kept-settings.js'
import { refuseAsUnsuccessful } from './failures.js'
import { Hashes } from './hashes.js'
import { loginRoutes } from './login-routes.js'
import { managedAuthRoutes } from './managed-auth-routes.js'
import { managedOAuthRoutes } from './managed-oauth-routes.js'
import { messageLogRoutes } from './message-log-routes.js'
import { withDefaults, type AppConnectOptions, type WireSettings } from './options.js'
import { Platforms } from './platforms.js'
import { mountRoute, sendFailure } from './route.js'
import { WireTokens } from './tokens.js'
import { userSettingsRoutes } from './user-settings-routes.js'
import type { Wire, WireRoute } from './wire.js'

/** What is asked for most stands first. */
export const wireRoutes: readonly WireRoute[] = [
  ...contactRoutes,
  ...callLogRoutes,
  ...messageLogRoutes,
  ...userSettingsRoutes,
  ...loginRoutes,
  ...aboutRoutes,
  ...adminRoutes,
  ...calldownRoutes,
  ...managedAuthRoutes,
  ...managedOAuthRoutes,
  ...connectorRoutes,
]

const maxBody = '2mb'
/** An administrator's client sends everybody of the company. */
const maxAdminBody = '20mb'

/** RingCentral's App Connect, as its own browser client knows it, over the services of this server. */
export function appConnect(options: AppConnectOptions = {}): Surface {
  const settings = withDefaults(options)
  return {
    path: settings.path,
    router: services => {
      const wire = wireOf(services, settings)
      for (const adapter of codedAdapters(services)) if (isConnectorAdapter(adapter)) giveAdminSettingsTo(adapter, wire)
      return createRouter(wire)
    },
  }
}

/** Connectors are never documents of a tenant. */
const codedAdapters = ({ adapters }: SurfaceServices) => adapters.summaries(null).map(({ id }) => adapters.get('', id))

function wireOf(services: SurfaceServices, settings: WireSettings): Wire {
  const hashes = new Hashes(services, settings.hashKey)
  return {
    services, settings, hashes,
    tokens: new WireTokens(services, settings),
    platforms: new Platforms(services, settings),
    admins: new AdminAccess(services, hashes, settings),
    forms: new ActivityForms(services),
  }
}

function createRouter(wire: Wire): Router {
  const router = Router({ caseSensitive: true })
  router.use(answerCors(wire.settings))
  const [read, readLong] = [maxBody, maxAdminBody].map(limit => express.json({ limit, strict: false, reviver: storable }))
  router.use((request, response, next) => {
    if (request.method === 'GET') next()
    else (request.path.startsWith('/admin/') ? readLong : read)?.(request, response, next)
  })
  for (const route of wireRoutes) mountRoute(router, wire, route)
  router.use((_request, response) => { response.status(404).type('text').send('Not found') })
  const answerFailure: ErrorRequestHandler = (error: unknown, request, response, _next) => { sendFailure(request, response, error, refuseAsUnsuccessful()) }
  router.use(answerFailure)
  return router
}

/** Without what PostgreSQL cannot store: U+0000, and half of a surrogate pair. A phone system's text shall not fail for it. */
const storable = (_name: string, value: unknown): unknown => typeof value === 'string' ? value.replace(unstorable, '') : value

const unstorable = /[\u0000\p{Cs}]/gu
