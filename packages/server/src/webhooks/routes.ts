import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toDelivery, toTestResult, toWebhook } from './resource.js'

const { webhooks } = api.admin

export const webhookRoutes: Route[] = [
  route(webhooks.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.webhooks.endpoints.list(caller.tenantId, query)
    return { items: items.map(toWebhook), nextCursor }
  }),

  route(webhooks.create, async ({ body, caller, services }) => {
    const { row, secret } = await services.webhooks.endpoints.create(caller, body)
    return { ...toWebhook(row), secret }
  }),

  route(webhooks.get, async ({ params, caller, services }) =>
    toWebhook(await services.webhooks.endpoints.get(caller.tenantId, params.id))),

  route(webhooks.update, async ({ params, body, caller, services }) =>
    toWebhook(await services.webhooks.endpoints.update(caller, params.id, body))),

  route(webhooks.remove, async ({ params, caller, services }) =>
    services.webhooks.endpoints.remove(caller, params.id)),

  route(webhooks.rotateSecret, async ({ params, caller, services }) => {
    const { row, secret } = await services.webhooks.endpoints.rotateSecret(caller, params.id)
    return { ...toWebhook(row), secret }
  }),

  route(webhooks.test, async ({ params, caller, services }) =>
    toTestResult(await services.webhooks.test(caller.tenantId, params.id))),

  route(webhooks.listDeliveries, async ({ params, query, caller, services }) => {
    const { items, nextCursor } = await services.webhooks.listDeliveries(caller.tenantId, params.id, query)
    return { items: items.map(toDelivery), nextCursor }
  }),

  route(webhooks.replayDelivery, async ({ params, caller, services }) =>
    toDelivery(await services.webhooks.replayDelivery(caller, params.id, params.deliveryId))),

  route(webhooks.replay, async ({ params, body, caller, services }) =>
    ({ replayed: await services.webhooks.replayFailed(caller, params.id, body.since === undefined ? undefined : new Date(body.since)) })),
]
