import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toInstallation } from './resources.js'

const { installations } = api.admin

export const installationAdminRoutes: Route[] = [
  route(installations.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.admin.installations.list(caller.tenantId, query)
    return { items: items.map(row => toInstallation(row, services.publicUrl())), nextCursor }
  }),

  route(installations.create, async ({ body, caller, services }) =>
    toInstallation(await services.admin.installations.create(caller, body), services.publicUrl())),

  route(installations.get, async ({ params, caller, services }) =>
    toInstallation(await services.installations.get(caller.tenantId, params.id), services.publicUrl())),

  route(installations.update, async ({ params, body, caller, services }) =>
    toInstallation(await services.admin.installations.update(caller, params.id, body), services.publicUrl())),

  route(installations.remove, async ({ params, caller, services }) =>
    services.admin.installations.remove(caller, params.id)),
]
