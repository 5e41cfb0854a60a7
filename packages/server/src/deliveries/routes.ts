import { api, type QueryOf } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import type { UndeliveredFilter } from './delivery-statements.js'
import { toDelivery } from './delivery-admin.js'

const { deliveries } = api.admin

export const deliveryRoutes: Route[] = [
  route(deliveries.list, async ({ query: { cursor, limit, ...filter }, caller, services }) => {
    const { items, nextCursor } = await services.deliveries.list(caller.tenantId, toFilter(filter), { cursor, limit })
    return { items: items.map(toDelivery), nextCursor }
  }),

  route(deliveries.explain, async ({ params, caller, services }) => services.deliveries.explain(caller.tenantId, params.id)),

  route(deliveries.replay, async ({ params, caller, services }) => toDelivery(await services.deliveries.replay(caller, params.id))),

  route(deliveries.replayAll, async ({ body, caller, services }) => services.deliveries.replayAll(caller, toFilter(body))),

  route(deliveries.discard, async ({ params, body, caller, services }) =>
    toDelivery(await services.deliveries.discard(caller, params.id, body.reason))),
]

type Filter = Omit<QueryOf<typeof deliveries.list>, 'cursor' | 'limit'>

const toFilter = ({ undelivered_before: before, ...filter }: Filter): UndeliveredFilter =>
  ({ ...filter, undeliveredBefore: before === undefined ? undefined : new Date(before) })
