import { Router } from 'express'
import { fieldsFor, wrongInFields } from '../crm/activity-fields.js'
import {
  createActivity, createActivityOnce, deleteActivity, findActivity, listActivities, updateActivity,
  type Activity, type ActivityFields,
} from '../crm/activities.js'
import type { Switches } from '../control/switches.js'
import { findPerson } from '../crm/people.js'
import { findUser } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import { callerOf } from '../oauth/bearer.js'
import { invalidField, notFound } from './api-error.js'
import { activityChanges, newActivity } from './bodies.js'
import { indexedBefore } from './index-lag.js'
import { activitiesQuery } from './page-query.js'

export function activitiesRoutes(database: Database, switches: () => Switches): Router {
  const router = Router()

  router.get('/', async (request, response) => {
    response.json(await listActivities(database, { ...activitiesQuery.parse(request.query), createdBefore: indexedBefore(switches().activity_lag_ms) }))
  })

  router.post('/', async (request, response) => {
    const { user } = callerOf(request)
    const input = newActivity.parse(request.body ?? {})
    const fields = { ...input, user_id: input.user_id ?? user.id }
    await checkReferences(database, fields)
    await checkFields(database, fields)
    const key = switches().ignores_idempotency_keys ? undefined : request.get('idempotency-key')
    const { activity, isNew } = key === undefined
      ? { activity: await createActivity(database, fields), isNew: true }
      : await createActivityOnce(database, fields, { userId: user.id, key })
    response.status(isNew ? 201 : 200).json(activity)
  })

  router.get('/:id', async (request, response) => {
    response.json(await getActivity(database, request.params.id))
  })

  router.patch('/:id', async (request, response) => {
    const activity = await getActivity(database, request.params.id)
    const changes = activityChanges.parse(request.body ?? {})
    await checkReferences(database, changes)
    if (changes.fields !== undefined) await checkFields(database, { ...activity, ...changes })
    response.json(await updateActivity(database, activity, changes))
  })

  router.delete('/:id', async (request, response) => {
    if (!(await deleteActivity(database, request.params.id))) throw notFound('activity')
    response.status(204).end()
  })

  return router
}

async function getActivity(database: Database, id: string): Promise<Activity> {
  const activity = await findActivity(database, id)
  if (activity === null) throw notFound('activity')
  return activity
}

async function checkReferences(database: Database, fields: Partial<ActivityFields>): Promise<void> {
  const { person_id, user_id } = fields
  if (person_id != null && (await findPerson(database, person_id)) === null) {
    throw invalidField('person_id', 'There is no such person')
  }
  if (user_id !== undefined && (await findUser(database, user_id)) === null) {
    throw invalidField('user_id', 'There is no such user')
  }
}

async function checkFields(database: Database, { person_id, fields }: Pick<ActivityFields, 'person_id' | 'fields'>): Promise<void> {
  const person = person_id === null ? null : await findPerson(database, person_id)
  const wrong = wrongInFields(fieldsFor(person), fields)
  if (wrong !== null) throw invalidField(`fields.${wrong.name}`, wrong.message)
}
