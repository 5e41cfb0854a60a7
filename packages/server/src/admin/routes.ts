import type { Route } from '../http/route.js'
import { agentAdminRoutes } from './agent-routes.js'
import { apiKeyAdminRoutes } from './api-key-routes.js'
import { auditRoutes } from './audit-routes.js'
import { clientAppAdminRoutes } from './client-app-routes.js'
import { connectionAdminRoutes } from './connection-routes.js'
import { installationAdminRoutes } from './installation-routes.js'

export const adminRoutes: Route[] = [
  ...installationAdminRoutes,
  ...clientAppAdminRoutes,
  ...connectionAdminRoutes,
  ...agentAdminRoutes,
  ...apiKeyAdminRoutes,
  ...auditRoutes,
]
