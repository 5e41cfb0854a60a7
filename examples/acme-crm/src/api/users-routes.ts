import { Router } from 'express'
import { account } from '../crm/account.js'
import { listUsers } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import { callerOf } from '../oauth/bearer.js'

export function usersRoutes(database: Database): Router {
  const router = Router()

  router.get('/', async (_request, response) => {
    const users = await listUsers(database)
    response.json({ items: users.map(({ id, name, email, extension }) => ({ id, name, email, extension })) })
  })

  router.get('/me', (request, response) => {
    const { id, name, email, timezone } = callerOf(request).user
    response.json({ id, name, email, timezone, account })
  })

  return router
}
