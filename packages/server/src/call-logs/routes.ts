import type { CallId } from '@linefinder/core'
import { api } from '@linefinder/core/api'
import type { Caller } from '../http/caller.js'
import { preferredWaitMs } from '../http/prefer.js'
import { route, type Route } from '../http/route.js'
import { statusOf } from '../ledger/accepted.js'
import type { CallLogKey } from './call-log-service.js'

export const callLogRoutes: Route[] = [
  route(api.callLogs.put, async ({ params, query, body, caller, services, request, response, setStatus }) => {
    const accepted = await services.callLogs.put(caller, keyOf(caller, params, query), body, preferredWaitMs(request, response))
    setStatus(statusOf(accepted))
    return accepted.resource
  }),

  route(api.callLogs.patch, async ({ params, query, body, caller, services, request, response, setStatus }) => {
    const accepted = await services.callLogs.patch(caller, keyOf(caller, params, query), body, preferredWaitMs(request, response))
    setStatus(statusOf(accepted))
    return accepted.resource
  }),

  route(api.callLogs.get, async ({ params, query, caller, services, requestId, log, signal }) => {
    const key = keyOf(caller, params, query)
    return query.include === 'activity'
      ? services.callLogs.getWithActivity(caller, key, { requestId, log, signal })
      : services.callLogs.get(caller, key)
  }),

  route(api.callLogs.explain, async ({ params, query, caller, services }) => services.callLogs.explain(caller, keyOf(caller, params, query))),

  route(api.callLogs.list, async ({ query: { phone_system: phoneSystem, since, until, ...query }, caller, services }) =>
    services.callLogs.list(caller, { ...query, phoneSystem, since: toDate(since), until: toDate(until) })),
]

const toDate = (instant: string | undefined) => instant === undefined ? undefined : new Date(instant)

const keyOf = (caller: Caller, { callId }: { callId: CallId }, query: { leg: string; phone_system?: string | undefined }): CallLogKey =>
  ({ callId, leg: query.leg, phoneSystem: query.phone_system ?? caller.phoneSystem })
