import { api } from '@linefinder/core/api'
import { byAddress } from '../http/rate-limit.js'
import { route, type Route } from '../http/route.js'

const { reconnecting } = api

export const reconnectRoutes: Route[] = [
  route(reconnecting.createLink, async ({ params, caller, services }) => services.reconnecting.createLink(caller, params.id)),

  route(reconnecting.open, async ({ params, request, response, services }) => {
    await services.reconnecting.open(params.link, request, response)
  }),

  route(reconnecting.submit, async ({ params, body, request, response, services, requestId, log, signal }) => {
    await services.reconnecting.submit(params.link, body, request, response, { requestId, log, signal })
  }, { limits: [{ name: 'connectionsPerAddress', keyOf: byAddress }] }),
]
