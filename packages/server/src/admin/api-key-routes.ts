import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toApiKey } from './resources.js'

const { apiKeys } = api.admin

export const apiKeyAdminRoutes: Route[] = [
  route(apiKeys.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.apiKeys.list(caller.tenantId, query)
    return { items: items.map(toApiKey), nextCursor }
  }),

  route(apiKeys.create, async ({ body, caller, services }) => {
    const { row, key } = await services.admin.apiKeys.create(caller, body)
    return { ...toApiKey(row), key }
  }),

  route(apiKeys.remove, async ({ params, caller, services }) =>
    services.admin.apiKeys.revoke(caller, params.id)),
]
