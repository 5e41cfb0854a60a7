import { Router } from 'express'
import { z } from 'zod'
import { fieldsFor } from '../crm/activity-fields.js'
import { dispositions } from '../crm/dispositions.js'
import { findPerson } from '../crm/people.js'
import type { Database } from '../database/open-database.js'
import { invalidField } from './api-error.js'

const fieldsQuery = z.object({ person_id: z.string().optional() })

/** What a form for an activity is drawn from. */
export function activityFormRoutes(database: Database): Router {
  const router = Router()

  router.get('/dispositions', (_request, response) => {
    response.json({ items: dispositions })
  })

  router.get('/activity-fields', async (request, response) => {
    const { person_id } = fieldsQuery.parse(request.query)
    const person = person_id === undefined ? null : await findPerson(database, person_id)
    if (person_id !== undefined && person === null) throw invalidField('person_id', 'There is no such person')
    response.json({ items: fieldsFor(person) })
  })

  return router
}
