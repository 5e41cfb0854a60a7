import { json, Router } from 'express'
import type { Provider } from 'oidc-provider'
import { z } from 'zod'
import { listCompanies } from '../crm/companies.js'
import { listPeople } from '../crm/people.js'
import type { Database } from '../database/open-database.js'
import type { Switches } from '../control/switches.js'
import { requireToken } from '../oauth/bearer.js'
import { activitiesRoutes } from './activities-routes.js'
import { activityFormRoutes } from './activity-form-routes.js'
import { answerErrors, notFound } from './api-error.js'
import { companiesRoutes } from './companies-routes.js'
import { indexedBefore } from './index-lag.js'
import { peopleRoutes } from './people-routes.js'
import { recordingRoutes } from './recording-routes.js'
import { usersRoutes } from './users-routes.js'

const searchQuery = z.object({ q: z.string().trim().min(1, 'Say what to look for'), limit: z.coerce.number().int().min(1).max(100).default(20) })

export interface ApiOptions {
  readonly database: Database
  readonly provider: Provider
  readonly log: (line: string) => void
  /** Of them the API heeds what is not done to requests from outside: lags, and whether idempotency keys count. */
  readonly switches: () => Switches
}

/** The REST API, mounted at `/api/v1`. */
export function apiRouter({ database, provider, log, switches }: ApiOptions): Router {
  const indexLagMs = () => switches().index_lag_ms
  const router = Router()
  router.use(requireToken(database, provider))
  router.use(json({ limit: '2mb' }))
  router.use('/users', usersRoutes(database))
  router.use('/people', peopleRoutes(database, indexLagMs))
  router.use('/companies', companiesRoutes(database))
  router.use('/activities', recordingRoutes(database), activitiesRoutes(database, switches))
  router.use(activityFormRoutes(database))

  router.get('/search', async (request, response) => {
    const { q: name, limit } = searchQuery.parse(request.query)
    const people = await listPeople(database, { name, limit, createdBefore: indexedBefore(indexLagMs()) })
    const companies = await listCompanies(database, { name, limit })
    response.json({ people: people.items, companies: companies.items })
  })

  router.use(() => {
    throw notFound('page of the API')
  })
  router.use(answerErrors(log))
  return router
}
