import { Router } from 'express'
import { account } from '../crm/account.js'
import { listUsersPage } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import { callerOf } from '../oauth/bearer.js'
import { pageQuery } from './page-query.js'

export function usersRoutes(database: Database): Router {
  const router = Router()

  router.get('/', async (request, response) => {
    const { cursor: after, limit } = pageQuery.parse(request.query)
    const { items, next_cursor } = await listUsersPage(database, { after, limit })
    response.json({ items: items.map(({ id, name, email, extension }) => ({ id, name, email, extension })), next_cursor })
  })

  router.get('/me', (request, response) => {
    const { id, name, email, timezone } = callerOf(request).user
    response.json({ id, name, email, timezone, account })
  })

  return router
}
