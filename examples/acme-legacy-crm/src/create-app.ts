import express, { type Express } from 'express'
import { apiRouter, type ApiOptions } from './api/api-router.js'
import { controlRoutes } from './control/control-routes.js'
import { injectFaults } from './control/faults.js'
import { createSwitchBoard } from './control/switches.js'
import { limitParallel } from './api/gate.js'
import { jsonRouter } from './json/json-router.js'
import { pageRoutes } from './pages/page-routes.js'

export function createApp(options: Omit<ApiOptions, 'faults'>): Express {
  const switchBoard = createSwitchBoard()
  const requests = new Map<string, number>()

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use('/_control', controlRoutes({ records: options.records, switchBoard, requests }))
  app.use('/api', (request, _response, next) => {
    const name = `${request.method} ${request.baseUrl}${request.path}`
    requests.set(name, (requests.get(name) ?? 0) + 1)
    next()
  }, apiRouter({ ...options, faults: injectFaults(switchBoard) }))
  app.use('/json', jsonRouter({ ...options, gate: limitParallel(5) }))
  app.use(pageRoutes(options.records))
  return app
}
