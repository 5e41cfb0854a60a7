import { Router } from 'express'
import { listActivities } from '../crm/activities.js'
import { fieldsFor } from '../crm/activity-fields.js'
import { decodeCursor } from '../crm/cursor.js'
import { createNote, listNotes } from '../crm/notes.js'
import { findPerson, listPeople } from '../crm/people.js'
import { listRecordingsOf } from '../crm/recordings.js'
import { listUsers } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import { messagePage } from './layout.js'
import type { SignedIn } from './page-routes.js'
import { peopleList } from './people-list.js'
import { personRecord } from './person-record.js'

const pageSize = 25
const refreshSeconds = 3

export function peoplePageRoutes(database: Database, { userOf, show, form }: SignedIn): Router {
  const router = Router()

  router.get('/', async (request, response) => {
    const { q = '', cursor = '' } = request.query
    const search = String(q).trim()
    const after = decodeCursor(String(cursor)) ?? undefined
    const looksLikePhone = /^[\d\s()+./-]{4,}$/.test(search)
    const query = looksLikePhone ? { phone: search } : { name: search }
    const found = await listPeople(database, { ...(search === '' ? {} : query), after, limit: pageSize })
    show(request, response, 'People', () => peopleList({
      people: found.items.filter((person) => 'phones' in person), search, nextCursor: found.next_cursor, isFirstPage: after === undefined,
    }))
  })

  router.get('/:id', async (request, response) => {
    const person = await findPerson(database, request.params.id)
    if (person === null) {
      response.status(404).send(messagePage('Not found', 'There is no such person.'))
      return
    }
    const isLive = request.query['live'] === '1'
    if (isLive) response.set('Refresh', String(refreshSeconds))
    const activities = await listActivities(database, { personId: person.id, limit: 500 })
    const recordings = await listRecordingsOf(database, activities.items.map(({ id }) => id))
    const notes = await listNotes(database, person.id)
    const names = new Map((await listUsers(database)).map((user) => [user.id, user.name]))
    const { timezone } = userOf(request)
    show(request, response, person.name || 'Unnamed', (csrf) => personRecord({
      person, activities: activities.items, recordings, fields: fieldsFor(person), notes, names, timezone, csrf, isLive,
    }))
  })

  router.post('/:id/notes', ...form, async (request, response) => {
    const id = String(request.params['id'])
    const person = await findPerson(database, id)
    const body = String(request.body.body ?? '').trim()
    if (person !== null && body !== '') await createNote(database, { person_id: person.id, user_id: userOf(request).id, body })
    response.redirect(303, `/people/${encodeURIComponent(id)}`)
  })

  return router
}
