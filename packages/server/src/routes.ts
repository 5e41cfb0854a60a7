import type { Route } from './http/route.js'
import { healthRoutes } from './http/health-routes.js'
import { installationRoutes } from './installations/routes.js'

/** The native REST surface. A test checks that every declared endpoint is here. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...installationRoutes,
]
