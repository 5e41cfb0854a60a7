import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import type { InstallationRow } from '../installations/models.js'
import type { Services } from '../services.js'
import { toInstallation } from './resources.js'

const { adapters, installations } = api.admin

export const installationAdminRoutes: Route[] = [
  route(adapters.list, async ({ caller, services }) => ({ items: services.adapters.summaries(caller.tenantId) })),

  route(installations.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.admin.installations.list(caller.tenantId, query)
    return { items: items.map(row => resourceOf(row, services)), nextCursor }
  }),

  route(installations.create, async ({ body, caller, services }) =>
    resourceOf(await services.admin.installations.create(caller, body), services)),

  route(installations.get, async ({ params, caller, services }) =>
    resourceOf(await services.installations.get(caller.tenantId, params.id), services)),

  route(installations.update, async ({ params, body, caller, services }) =>
    resourceOf(await services.admin.installations.update(caller, params.id, body), services)),

  route(installations.remove, async ({ params, caller, services }) =>
    services.admin.installations.remove(caller, params.id)),
]

const resourceOf = (row: InstallationRow, { installations: all, publicUrl }: Services) => toInstallation(row, all.describeProperties(row), publicUrl())
