import { adminRoutes } from './admin/routes.js'
import { logFieldRoutes } from './call-logs/log-field-routes.js'
import { callLogRoutes } from './call-logs/routes.js'
import { callbackRoutes } from './callbacks/routes.js'
import { deliveryRoutes } from './deliveries/routes.js'
import { directoryRoutes } from './directory/routes.js'
import { documentRoutes } from './documents/routes.js'
import type { Route } from './http/route.js'
import { connectionRoutes } from './connections/routes.js'
import { reconnectRoutes } from './connections/reconnect-routes.js'
import { callerIdRoutes } from './contacts/caller-id-routes.js'
import { contactRoutes } from './contacts/routes.js'
import { healthRoutes } from './http/health-routes.js'
import { installationRoutes } from './installations/routes.js'
import { messageLogRoutes } from './message-logs/routes.js'
import { oauthRoutes } from './oauth/routes.js'
import { personalDataRoutes } from './personal-data/routes.js'
import { phoneNumberRoutes } from './phone-numbers/routes.js'
import { userRoutes } from './users/routes.js'
import { webhookRoutes } from './webhooks/routes.js'

/** The native REST surface, what is asked for most first: the router looks through them in turn. A test checks that every declared endpoint is here. */
export const routes: readonly Route[] = [
  ...contactRoutes,
  ...callLogRoutes,
  ...logFieldRoutes,
  ...messageLogRoutes,
  ...callbackRoutes,
  ...deliveryRoutes,
  ...personalDataRoutes,
  ...healthRoutes,
  ...adminRoutes,
  ...installationRoutes,
  ...oauthRoutes,
  ...connectionRoutes,
  ...reconnectRoutes,
  ...directoryRoutes,
  ...documentRoutes,
  ...callerIdRoutes,
  ...phoneNumberRoutes,
  ...webhookRoutes,
  ...userRoutes,
]
