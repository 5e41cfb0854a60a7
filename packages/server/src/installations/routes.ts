import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

export const installationRoutes: Route[] = [
  route(api.adapters.list, async ({ services }) => ({ items: services.adapters.summaries() })),

  route(api.installations.list, async ({ query, services }) => {
    const { tenantId } = await services.clientApps.get(query.client_id)
    return { items: await services.installations.listEnabled(tenantId) }
  }),
]
