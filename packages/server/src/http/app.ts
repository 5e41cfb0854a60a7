import cors from 'cors'
import express, { type Express, Router } from 'express'
import helmet from 'helmet'
import type { Logger } from 'pino'
import { createDocsRouter } from '../openapi/docs-router.js'
import { routes } from '../routes.js'
import type { Services } from '../services.js'
import type { Surface, SurfaceServices } from '../surfaces/surface.js'
import { mountAllowedMethods } from './allowed-methods.js'
import { ApiError } from './api-error.js'
import { readJson } from './json-body.js'
import { answerProblems } from './problem.js'
import { problemHeader } from './plain-text.js'
import { limitRequests } from './rate-limit.js'
import { logRequests } from './request-log.js'
import type { Route } from './route.js'

/** How many proxies stand in front, or their addresses, as Express' `trust proxy` takes it. */
export type TrustProxy = boolean | number | string

export interface AppOptions {
  readonly log: Logger
  readonly trustProxy: TrustProxy
  /** Mounted beside the API, where the metrics have no port of their own. */
  readonly metricsRouter?: Router
  readonly surfaces?: readonly Surface[]
}

/** The routes behind what every request passes: request id, log line, headers, CORS, JSON body, and the answer to failures. */
export function createApp(services: Services, { log, trustProxy, metricsRouter, surfaces = [] }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.set('etag', false)
  app.use(logRequests(log))
  for (const surface of surfaces) app.use(surface.path, surface.router(surfaceServicesOf(services)))
  app.use(helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } }))
  app.use(cors({
    origin: (origin, answer) => {
      if (origin === undefined) answer(null, false)
      else services.clientApps.isKnownOrigin(origin).then(isKnown => { answer(null, isKnown) }, (error: unknown) => { answer(error as Error) })
    },
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'X-Request-Id', 'Linefinder-Connection'],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'Location', problemHeader],
    maxAge: 600,
  }))

  const router = Router({ caseSensitive: true })
  // Lines are read by whoever handles them, however many there are; and a text is not read as its value.
  for (const each of routes.filter(readsItself)) each.mount(router, services)
  router.use(readJson())
  for (const each of routes.filter(each => !readsItself(each))) each.mount(router, services)
  mountAllowedMethods(router, routes.map(({ endpoint }) => endpoint))
  app.use(router)
  app.use(createDocsRouter(services))
  if (metricsRouter) app.use(metricsRouter)
  app.use(() => { throw new ApiError('not_found') })
  app.use(answerProblems)
  return app
}

const surfaceServicesOf = (services: Services): SurfaceServices =>
  ({ ...services, audit: services.admin.audit, limited: limit => limitRequests(services.database, services.limits, limit) })

const readsItself = ({ endpoint }: Route): boolean => endpoint.format === 'ndjson' || endpoint.takesText === true
