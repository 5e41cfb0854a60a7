import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toClientApp } from './resources.js'

const { clientApps } = api.admin

export const clientAppAdminRoutes: Route[] = [
  route(clientApps.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.admin.clientApps.list(caller.tenantId, query)
    return { items: items.map(toClientApp), nextCursor }
  }),

  route(clientApps.create, async ({ body, caller, services }) =>
    toClientApp(await services.admin.clientApps.create(caller, body))),

  route(clientApps.update, async ({ params, body, caller, services }) =>
    toClientApp(await services.admin.clientApps.update(caller, params.id, body))),

  route(clientApps.remove, async ({ params, caller, services }) =>
    services.admin.clientApps.remove(caller, params.id)),
]
