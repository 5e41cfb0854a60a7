import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

export const installationRoutes: Route[] = [
  route(api.adapters.list, async ({ query, services }) => {
    if (query.client_id === undefined) return { items: services.adapters.summaries(null) }
    const { tenantId } = await services.clientApps.get(query.client_id)
    await services.adapters.ready(tenantId)
    return { items: services.adapters.summaries(tenantId) }
  }),

  route(api.installations.list, async ({ query, services }) => {
    const { tenantId } = await services.clientApps.get(query.client_id)
    return { items: await services.installations.listEnabled(tenantId) }
  }),
]
