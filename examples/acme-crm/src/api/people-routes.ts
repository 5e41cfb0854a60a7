import { Router } from 'express'
import { findCompany } from '../crm/companies.js'
import { createNote, listNotes } from '../crm/notes.js'
import { createPerson, deletePerson, findPerson, listPeople, updatePerson, type Person } from '../crm/people.js'
import type { Database, Queryable } from '../database/open-database.js'
import { callerOf } from '../oauth/bearer.js'
import { invalidField, notFound } from './api-error.js'
import { newNote, newPerson, personChanges } from './bodies.js'
import { indexedBefore } from './index-lag.js'
import { directoryQuery } from './page-query.js'
import { checkVersion, sendPerson } from './person-version.js'

/** @param indexLagMs how long a new person stays out of the list */
export function peopleRoutes(database: Database, indexLagMs: () => number): Router {
  const router = Router()

  router.get('/', async (request, response) => {
    response.json(await listPeople(database, { ...directoryQuery.parse(request.query), createdBefore: indexedBefore(indexLagMs()) }))
  })

  router.post('/', async (request, response) => {
    const fields = newPerson.parse(request.body ?? {})
    await checkCompany(database, fields.company_id)
    sendPerson(response.status(201), await createPerson(database, fields))
  })

  router.get('/:id', async (request, response) => {
    sendPerson(response, await getPerson(database, request.params.id))
  })

  router.patch('/:id', async (request, response) => {
    const changes = personChanges.parse(request.body ?? {})
    // The whole row is written, so nobody may write to it between.
    const changed = await database.transaction(async (transaction) => {
      const person = await getPerson(transaction, request.params.id)
      checkVersion(request, person)
      await checkCompany(transaction, changes.company_id ?? null)
      return updatePerson(transaction, person, changes)
    })
    sendPerson(response, changed)
  })

  router.delete('/:id', async (request, response) => {
    if (!(await deletePerson(database, request.params.id))) throw notFound('person')
    response.status(204).end()
  })

  router.get('/:id/notes', async (request, response) => {
    const person = await getPerson(database, request.params.id)
    response.json({ items: await listNotes(database, person.id) })
  })

  router.post('/:id/notes', async (request, response) => {
    const person = await getPerson(database, request.params.id)
    const { body } = newNote.parse(request.body ?? {})
    response.status(201).json(
      await createNote(database, { person_id: person.id, user_id: callerOf(request).user.id, body }),
    )
  })

  return router
}

async function getPerson(database: Queryable, id: string): Promise<Person> {
  const person = await findPerson(database, id)
  if (person === null) throw notFound('person')
  return person
}

async function checkCompany(database: Queryable, companyId: string | null): Promise<void> {
  if (companyId !== null && (await findCompany(database, companyId)) === null) {
    throw invalidField('company_id', 'There is no such company')
  }
}
