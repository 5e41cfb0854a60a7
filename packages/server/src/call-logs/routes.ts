import type { CallId } from '@linefinder/core'
import { api } from '@linefinder/core/api'
import type { Caller } from '../http/caller.js'
import { route, type Route } from '../http/route.js'
import type { CallLogKey } from './call-log-row.js'

export const callLogRoutes: Route[] = [
  route(api.callLogs.put, async ({ params, query, body, caller, services, requestId, log, setStatus }) => {
    const { callLog, isCreated } = await services.callLogs.put(caller, keyOf(caller, params, query), body, { requestId, log })
    if (isCreated) setStatus(201)
    return callLog
  }),

  route(api.callLogs.patch, async ({ params, query, body, caller, services, requestId, log }) =>
    services.callLogs.patch(caller, keyOf(caller, params, query), body, { requestId, log })),

  route(api.callLogs.get, async ({ params, query, caller, services, requestId, log, signal }) => {
    const key = keyOf(caller, params, query)
    return query.include === 'activity'
      ? services.callLogs.getWithActivity(caller, key, { requestId, log, signal })
      : services.callLogs.get(caller, key)
  }),

  route(api.callLogs.list, async ({ query: { phone_system: phoneSystem, since, until, ...query }, caller, services }) =>
    services.callLogs.list(caller, { ...query, phoneSystem, since: toDate(since), until: toDate(until) })),
]

const toDate = (instant: string | undefined) => instant === undefined ? undefined : new Date(instant)

const keyOf = (caller: Caller, { callId }: { callId: CallId }, query: { leg: string; phone_system?: string | undefined }): CallLogKey =>
  ({ callId, leg: query.leg, phoneSystem: query.phone_system ?? caller.phoneSystem })
