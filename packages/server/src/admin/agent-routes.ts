import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toAgent } from './resources.js'

const { agents } = api.admin

export const agentAdminRoutes: Route[] = [
  route(agents.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.admin.agents.list(caller.tenantId, query)
    return { items: items.map(toAgent), nextCursor }
  }),

  route(agents.update, async ({ params, body, caller, services }) =>
    toAgent(await services.admin.agents.update(caller, params.id, body))),

  route(agents.join, async ({ params, body, caller, services }) =>
    toAgent(await services.admin.agents.join(caller, params.id, body.agent))),
]
