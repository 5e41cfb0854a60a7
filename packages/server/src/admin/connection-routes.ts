import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toConnection } from './resources.js'

const { connections } = api.admin

export const connectionAdminRoutes: Route[] = [
  route(connections.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.admin.connections.list(caller.tenantId, query)
    return { items: items.map(toConnection), nextCursor }
  }),

  route(connections.createShared, async ({ body, caller, services, requestId, log, signal }) =>
    services.admin.connections.createShared(caller, body, { requestId, log, signal })),

  route(connections.remove, async ({ params, caller, services, requestId, log }) =>
    services.admin.connections.revoke(caller, params.id, { requestId, log })),
]
