import { Router, urlencoded, type RequestHandler } from 'express'
import { mandant } from '../records/customer.js'
import { activityRoutes } from './activity-routes.js'
import { customerRoutes, type CustomerRoutesOptions } from './customer-routes.js'
import { authenticate, callerOf, limitParallel } from './gate.js'
import { answerErrors, LegacyError } from './legacy-error.js'
import { element, sendXml } from './xml.js'

export interface ApiOptions extends CustomerRoutesOptions {
  readonly log: (line: string) => void
  /** What the switches do to a request. */
  readonly faults: RequestHandler
}

const mostParallel = 5

export function apiRouter({ log, faults, ...options }: ApiOptions): Router {
  const router = Router()
  router.use(limitParallel(mostParallel), faults, authenticate, urlencoded({ extended: false, limit: '8mb' }))
  router.use((request, _response, next) => {
    request.body ??= {}
    next()
  })

  router.get('/whoami', (request, response) => {
    const { id, name, email } = callerOf(request)
    sendXml(response, element('response', [
      element('user', '', { id, name, email, mandant: mandant.id, mandantname: mandant.name, zone: options.timeZone }),
    ], { status: 'ok' }))
  })
  router.use('/customers', customerRoutes(options))
  router.use('/activities', activityRoutes(options.records))

  router.use(() => {
    throw new LegacyError('NOTFOUND')
  })
  router.use(answerErrors(log))
  return router
}
