import { Router } from 'express'
import { createCompany, findCompany, listCompanies } from '../crm/companies.js'
import type { Database } from '../database/open-database.js'
import { notFound } from './api-error.js'
import { newCompany } from './bodies.js'
import { directoryQuery } from './page-query.js'

export function companiesRoutes(database: Database): Router {
  const router = Router()

  router.get('/', async (request, response) => {
    response.json(await listCompanies(database, directoryQuery.parse(request.query)))
  })

  router.post('/', async (request, response) => {
    response.status(201).json(await createCompany(database, newCompany.parse(request.body ?? {})))
  })

  router.get('/:id', async (request, response) => {
    const company = await findCompany(database, request.params.id)
    if (company === null) throw notFound('company')
    response.json(company)
  })

  return router
}
