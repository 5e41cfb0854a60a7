import { timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import { ApiError } from '../http/api-error.js'
import { bearerTokenOf } from '../http/callers.js'
import { hashToken } from '../secrets/token.js'
import type { PrometheusMetrics } from './prometheus-metrics.js'

/** `/metrics` on the port of the API, for whoever has the operator's key: it tells of all tenants. */
export function createMetricsRouter(metrics: PrometheusMetrics, key: string): Router {
  const expected = hashToken(key)
  const router = Router({ caseSensitive: true })
  router.get('/metrics', async (request, response) => {
    if (!timingSafeEqual(hashToken(bearerTokenOf(request)), expected)) throw new ApiError('unauthenticated')
    const text = await metrics.render()
    response.setHeader('Cache-Control', 'no-store')
    response.type(metrics.contentType).send(text)
  })
  return router
}
