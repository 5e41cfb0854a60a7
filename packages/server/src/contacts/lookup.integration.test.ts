import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import request from 'supertest'
import { contact } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { createPostgresDatabase, hasPostgres, startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

;(hasPostgres ? describe : describe.skip)('a lookup on a real PostgreSQL', () => {
  let crm: FakeCrm
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let test: TestServer
  let other: pg.Client
  let token = ''
  beforeAll(async () => {
    crm = await FakeCrm.start()
    database = await createPostgresDatabase()
    test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')], database: { url: database.url } })
    token = await connectAgent(test, await test.install('fake-apikey'))
    crm.contacts.push(contact.parse({ id: '1', name: 'Contact 1', phones: [{ number: '+31413741741' }] }))
    other = new pg.Client({ connectionString: database.url })
    await other.connect()
  })
  afterAll(async () => {
    await other.end()
    await test.stop()
    await database.drop()
    await crm.stop()
  })

  const find = () => request(test.url).get('/v1/contacts').query({ phone: '+31413741741' }).auth(token, { type: 'bearer' }).expect(200)

  it('takes the answer that another process brings between its look and its claim', async () => {
    await find()
    const asked = crm.counts.people
    // The other process is asking the CRM …
    await other.query(`UPDATE lookups SET contacts = NULL, searching_token = gen_random_uuid(), searching_until = now() + interval '1 minute'`)
    // … and has its answer: it is written, and not yet committed.
    await other.query('BEGIN')
    await other.query(`UPDATE lookups SET contacts = '[{"id":"1","name":"From the other","phones":[{"number":"+31413741741"}]}]', searching_token = NULL, searching_until = NULL`)
    const answer = find().then(({ body }) => body)
    await until(async () => {
      const { rows } = await other.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
      return rows.length > 0 ? rows : null
    })
    await other.query('COMMIT')
    expect(await answer).toMatchObject({ source: 'remembered', contacts: [{ id: '1', name: 'From the other' }] })
    expect(crm.counts.people).toBe(asked)
  })
})
