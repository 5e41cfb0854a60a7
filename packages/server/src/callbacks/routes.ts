import { api } from '@linefinder/core/api'
import type { Caller } from '../http/caller.js'
import { preferredWaitMs } from '../http/prefer.js'
import { route, type Route } from '../http/route.js'
import { statusOf } from '../ledger/accepted.js'
import type { CallbackKey } from './callback-service.js'

export const callbackRoutes: Route[] = [
  route(api.callbacks.put, async ({ params, query, body, caller, services, request, response, setStatus }) => {
    const accepted = await services.callbacks.put(caller, keyOf(caller, params, query), body, preferredWaitMs(request, response))
    setStatus(statusOf(accepted))
    return accepted.resource
  }),

  route(api.callbacks.patch, async ({ params, query, body, caller, services, request, response, setStatus }) => {
    const accepted = await services.callbacks.patch(caller, keyOf(caller, params, query), body, preferredWaitMs(request, response))
    setStatus(statusOf(accepted))
    return accepted.resource
  }),

  route(api.callbacks.get, async ({ params, query, caller, services }) => services.callbacks.get(caller, keyOf(caller, params, query))),

  route(api.callbacks.list, async ({ query: { phone_system: phoneSystem, due_after: dueAfter, due_before: dueBefore, ...query }, caller, services }) =>
    services.callbacks.list(caller, { ...query, phoneSystem, dueAfter: toDate(dueAfter), dueBefore: toDate(dueBefore) })),

  route(api.callbacks.remove, async ({ params, query, caller, services }) => services.callbacks.remove(caller, keyOf(caller, params, query))),
]

const toDate = (instant: string | undefined) => instant === undefined ? undefined : new Date(instant)

const keyOf = (caller: Caller, { callbackId }: { callbackId: string }, query: { phone_system?: string | undefined }): CallbackKey =>
  ({ callbackId, phoneSystem: query.phone_system ?? caller.phoneSystem })
