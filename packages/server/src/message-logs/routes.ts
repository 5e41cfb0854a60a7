import { api } from '@linefinder/core/api'
import { preferredWaitMs } from '../http/prefer.js'
import { route, type Route } from '../http/route.js'
import { statusOf } from '../ledger/accepted.js'
import { startOf } from './message-log-service.js'

export const messageLogRoutes: Route[] = [
  route(api.messageLogs.put, async ({ params, query, body, caller, services, request, response, setStatus }) => {
    const key = { ...params, phoneSystem: query.phone_system ?? caller.phoneSystem }
    const accepted = await services.messageLogs.put(caller, key, body, preferredWaitMs(request, response))
    setStatus(statusOf(accepted))
    return accepted.resource
  }),

  route(api.messageLogs.get, async ({ params, query, caller, services }) =>
    services.messageLogs.get(caller, { ...params, phoneSystem: query.phone_system ?? caller.phoneSystem })),

  route(api.messageLogs.list, async ({ query: { phone_system: phoneSystem, conversation, since, until, ...query }, caller, services }) =>
    services.messageLogs.list(caller, {
      ...query, phoneSystem, ids: conversation === undefined ? undefined : [conversation], since: startOfAny(since), until: startOfAny(until),
    })),
]

const startOfAny = (day: string | undefined) => day === undefined ? undefined : startOf(day)
