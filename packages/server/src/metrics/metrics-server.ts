import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { PrometheusMetrics } from './prometheus-metrics.js'

/** `/metrics` and nothing else, for a port that only the scraper reaches: it asks for no credential. */
export function createMetricsServer(metrics: PrometheusMetrics, log: Logger): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.replace(/\?.*/s, '') !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    answer(metrics, response).catch((error: unknown) => {
      log.error({ err: error }, 'the metrics could not be told')
      response.writeHead(500).end()
    })
  })
}

async function answer(metrics: PrometheusMetrics, response: ServerResponse): Promise<void> {
  const text = await metrics.render()
  response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text)
}
