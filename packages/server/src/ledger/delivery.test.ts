import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { CrmError } from '@linefinder/core'
import { createApp } from '../http/app.js'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { forgetHealth } from '../testing/forget-health.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { CallLogService } from '../call-logs/call-log-service.js'
import { Ledger } from './ledger.js'

let crm: FakeCrm
let test: TestServer
let logged = ''
/** The same server with a deadline that a test can wait for. */
let impatient: Express
let [token, blind, lagging, late, strict, forgetful, down, inSteps] = ['', '', '', '', '', '', '', '']
/** Makes the adapter `fake-in-steps` fail after its first request. */
let failsHalfway = false
/** Makes the adapter `fake-forgetful` lose the answers to its updates, and be slow to fail at creating. */
let losesAnswers = false
beforeAll(async () => {
  crm = await FakeCrm.start()
  const gone = await FakeCrm.start()
  const usual = fakeAdapter('apiKey')
  const { findCallLog: _none, ...withoutLooking } = fakeAdapter('apiKey', { id: 'fake-blind' })
  test = await startTestServer({
    crm,
    adapters: [
      usual, withoutLooking, fakeAdapter('apiKey', { id: 'fake-lagging', commitLagMs: 600 }),
      fakeAdapter('apiKey', { id: 'fake-late', commitLagMs: 60_000 }),
      fakeAdapter('apiKey', {
        id: 'fake-strict',
        async createCallLog(ctx, log) {
          if (log.subject === undefined) throw new CrmError('rejected', { detail: 'The subject is missing.' })
          return usual.createCallLog(ctx, log)
        },
      }),
      fakeAdapter('apiKey', {
        id: 'fake-in-steps', createsInSteps: true,
        async createCallLog(ctx, log) {
          const ref = await usual.createCallLog(ctx, { ...log, note: undefined })
          if (failsHalfway) throw new CrmError('unavailable', { created: ref })
          await usual.updateCallLog(ctx, ref, log, ['note'])
          return ref
        },
      }),
      fakeAdapter('apiKey', {
        id: 'fake-forgetful',
        async createCallLog(ctx, log) {
          if (losesAnswers) await ctx.http.get('/me').then(() => { throw new CrmError('server_error') })
          return usual.createCallLog(ctx, log)
        },
        async updateCallLog(ctx, ref, log, changed) {
          // JSON has no undefined, and this CRM takes null for none.
          await ctx.http.patch(`/activities/${ref.id}`, Object.fromEntries(changed.map(name => [name, log[name] ?? null])))
          if (losesAnswers) throw new CrmError('timeout')
        },
      }),
    ],
    otherCrms: [gone],
    log: pino({ level: 'debug' }, { write: line => { logged += line } }),
  })
  const { services } = test.server
  const ledger = new Ledger(services, { deadlineMs: 300 })
  impatient = createApp({ ...services, ledger, callLogs: new CallLogService({ ...services, ledger }) }, { log: pino({ level: 'silent' }), trustProxy: false })
  const connect = async (adapter: string) => connectAgent(test, await test.install(adapter))
  token = await connect('fake-apikey')
  blind = await connect('fake-blind')
  lagging = await connect('fake-lagging')
  late = await connect('fake-late')
  strict = await connect('fake-strict')
  forgetful = await connect('fake-forgetful')
  inSteps = await connect('fake-in-steps')
  down = await connectAgent(test, await test.install('fake-apikey', { host: gone.host }))
  await gone.stop()
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(async () => {
  await forgetHealth(test)
  crm.fault = 'none'
  crm.latencyMs = 0
})

const call = {
  direction: 'outbound', from: { number: '+31201234567' }, to: { number: '+31413741741' }, startedAt: '2026-03-01T10:00:00Z', note: 'secret-note',
}
const put = (callId: string, body: object = call, { as = token, at = test.url as Express | string } = {}) =>
  request(at).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const get = async (callId: string, as = token) => (await request(test.url).get(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).expect(200)).body

const rowsOf = async (sql: string, callId: string) => (await test.server.services.database.sequelize.query(sql, { bind: [callId] }))[0] as Record<string, unknown>[]
const attemptsOf = (callId: string) => rowsOf(`
  SELECT d.version, d.attempt, d.operation, d.outcome, d.error_code FROM deliveries d JOIN ledger c ON c.id = d.entry_id
  WHERE c.key = $1 ORDER BY d.started_at`, callId)
const activitiesFor = async (callId: string) => {
  const [row] = await rowsOf('SELECT id FROM ledger WHERE key = $1', callId)
  return crm.activities.filter(({ externalId }) => externalId === `lf-${String(row?.['id'])}`)
}

describe('a CRM that fails', () => {
  it.each([
    ['error', 'crm_server_error'], ['garbage', 'crm_bad_response'], ['reset', 'crm_connection_lost'], ['rate_limited', 'crm_rate_limited'],
  ] as const)('by %s: the log is kept and says why, and the same again delivers it', async (fault, code) => {
    crm.fault = fault
    const callId = `f-${fault}`
    const { body } = await put(callId).expect(202)
    expect(body).toMatchObject({ callId, status: 'retrying', version: 1, deliveredVersion: 0, activity: null, lastError: { code }, nextAttemptAt: expect.any(String) })
    expect(await get(callId)).toEqual(body)
    if (fault === 'rate_limited') expect(Date.parse(body.nextAttemptAt) - Date.parse(body.lastError.at)).toBeGreaterThanOrEqual(7000)

    crm.fault = 'none'
    await forgetHealth(test)
    expect((await put(callId).expect(200)).body).toMatchObject({ status: 'delivered', version: 1, deliveredVersion: 1, lastError: null, nextAttemptAt: null })
    expect(await activitiesFor(callId)).toHaveLength(1)
  })

  it('by silence: given up at the deadline', async () => {
    crm.fault = 'hang'
    expect((await put('f-hang', call, { at: impatient }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_timeout' } })
  })

  it('by silence, while memory is collected', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    // A few times: in a process with a large heap each takes its time.
    let left = 6
    const collecting = setInterval(() => { if (left-- > 0) collect() }, 50)
    crm.fault = 'hang'
    try {
      expect((await put('f-hang-gc', call, { at: impatient }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_timeout' } })
    } finally {
      clearInterval(collecting)
    }
  })

  it('by being down: surely not told, so the next attempt creates without looking', async () => {
    for (const _attempt of [1, 2]) {
      expect((await put('f-down', call, { as: down }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_unreachable' } })
    }
    expect((await attemptsOf('f-down')).map(({ operation }) => operation)).toEqual(['create', 'create'])
  })

  it('by refusing the data: failed until the content changes', async () => {
    for (const _attempt of [1, 2]) {
      const { body } = await put('f-strict', call, { as: strict }).expect(202)
      expect(body).toMatchObject({ status: 'failed', lastError: { code: 'crm_rejected', detail: 'The subject is missing.' }, nextAttemptAt: null })
    }
    expect((await put('f-strict', { ...call, subject: 'Call' }, { as: strict }).expect(200)).body).toMatchObject({ status: 'delivered', version: 2 })
  })

  it('by refusing the credentials: the log waits for the agent to reconnect', async () => {
    const refused = await connectAgent(test, await test.install('fake-apikey'), { fields: { key: 'bad-key' } })
    expect((await put('f-key', call, { as: refused }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'needs_reconnect' }, nextAttemptAt: null })
  })

  it('keeps all edits made meanwhile and brings them in one call', async () => {
    const own = await connectAgent(test, await test.install('fake-apikey'))
    crm.fault = 'rate_limited'
    for (const note of ['one', 'two', 'three']) await put('f-edits', { ...call, note }, { as: own }).set('Prefer', 'wait=1').expect(202)
    crm.fault = 'none'
    await forgetHealth(test)
    const before = crm.counts.activities + crm.counts.updates
    expect((await put('f-edits', { ...call, note: 'four' }, { as: own }).expect(200)).body).toMatchObject({ version: 4, deliveredVersion: 4 })
    expect(crm.counts.activities + crm.counts.updates - before).toBe(1)
    expect((await attemptsOf('f-edits')).filter(({ outcome }) => outcome === 'delivered')).toEqual([expect.objectContaining({ version: 4 })])
    expect(await activitiesFor('f-edits')).toEqual([expect.objectContaining({ note: 'four' })])
  })

  it('by failing an update: the activity stays known and gets the update later', async () => {
    const { body: { activity } } = await put('f-update').expect(201)
    crm.fault = 'error'
    expect((await put('f-update', { ...call, note: 'later' }).expect(202)).body).toMatchObject({ status: 'retrying', version: 2, deliveredVersion: 1, activity })
    crm.fault = 'none'
    await put('f-update', { ...call, note: 'later' }).expect(200)
    expect(await activitiesFor('f-update')).toEqual([expect.objectContaining({ id: activity.id, note: 'later' })])
  })

  it('by having deleted the activity: failed, and never made again in silence', async () => {
    const { body: { activity } } = await put('f-gone').expect(201)
    crm.activities.splice(crm.activities.findIndex(({ id }) => id === activity.id), 1)
    expect((await put('f-gone', { ...call, note: 'later' }).expect(202)).body).toMatchObject({ status: 'failed', lastError: { code: 'crm_not_found' } })
    expect(await activitiesFor('f-gone')).toEqual([])
  })

  it('records every attempt', async () => {
    crm.fault = 'error'
    await put('f-attempts').expect(202)
    crm.fault = 'none'
    await put('f-attempts').expect(200)
    await put('f-attempts', { ...call, note: 'later' }).expect(200)
    expect(await attemptsOf('f-attempts')).toEqual([
      { version: 1, attempt: 1, operation: 'create', outcome: 'retry', error_code: 'crm_server_error' },
      { version: 1, attempt: 2, operation: 'probe', outcome: 'delivered', error_code: null },
      { version: 2, attempt: 1, operation: 'update', outcome: 'delivered', error_code: null },
    ])
  })
})

describe('an answer that is lost after the CRM has made the activity', () => {
  const loseAnswer = async (callId: string, as = token) => {
    crm.fault = 'reset_after_commit'
    await put(callId, call, { as }).expect(202)
    crm.fault = 'none'
    expect(await activitiesFor(callId)).toHaveLength(1)
  }

  it('makes no second one: it is looked for first', async () => {
    // Of its own: nothing else is due over this connection.
    const own = await connectAgent(test, await test.install('fake-apikey'))
    await loseAnswer('u-1', own)
    const before = { ...crm.counts }
    const { body } = await put('u-1', call, { as: own }).expect(200)
    expect(await activitiesFor('u-1')).toEqual([expect.objectContaining({ id: body.activity.id })])
    expect(crm.counts).toMatchObject({ activities: before.activities, updates: before.updates })
    expect((await attemptsOf('u-1')).map(({ operation, outcome }) => `${String(operation)} ${String(outcome)}`)).toEqual(['create retry', 'probe delivered'])
  })

  it('is brought up to date with what changed since', async () => {
    await loseAnswer('u-2')
    expect((await put('u-2', { ...call, note: 'since' }).expect(200)).body).toMatchObject({ version: 2, deliveredVersion: 2 })
    expect(await activitiesFor('u-2')).toEqual([expect.objectContaining({ note: 'since' })])
  })

  it('is looked for no earlier than the CRM shows what it has made', async () => {
    await loseAnswer('u-3', lagging)
    const before = Date.now()
    await put('u-3', call, { as: lagging }).expect(200)
    expect(Date.now() - before).toBeGreaterThan(300)
    expect(await activitiesFor('u-3')).toHaveLength(1)
  })

  it('waits as retrying when that is beyond the deadline', async () => {
    await loseAnswer('u-4', late)
    const { body } = await put('u-4', call, { as: late, at: impatient }).expect(202)
    expect(body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_timeout' } })
    expect(Date.parse(body.nextAttemptAt) - Date.parse(body.lastError.at)).toBeGreaterThan(30_000)
    expect(await activitiesFor('u-4')).toHaveLength(1)
  })

  it('may be made twice where the adapter cannot look, with one external id on both', async () => {
    await loseAnswer('u-5', blind)
    await put('u-5', call, { as: blind }).expect(200)
    expect(await activitiesFor('u-5')).toHaveLength(2)
  })
})

describe('an activity that takes several requests', () => {
  it('is not made again when a later one fails, and gets the rest', async () => {
    failsHalfway = true
    expect((await put('h-1', call, { as: inSteps }).expect(202)).body).toMatchObject({ status: 'retrying', lastError: { code: 'crm_unavailable' } })
    failsHalfway = false
    const [half] = await activitiesFor('h-1')
    expect(half?.note).toBeUndefined()
    const { body } = await put('h-1', call, { as: inSteps }).expect(200)
    expect(body.activity.id).toBe(half!.id)
    expect(await activitiesFor('h-1')).toEqual([expect.objectContaining({ id: half!.id, note: call.note })])
  })

  it('that is found after a lost answer gets all of it once more', async () => {
    crm.fault = 'reset_after_commit'
    await put('h-2', call, { as: inSteps }).expect(202)
    crm.fault = 'none'
    expect(await activitiesFor('h-2')).toEqual([expect.not.objectContaining({ note: call.note })])
    await put('h-2', call, { as: inSteps }).expect(200)
    expect(await activitiesFor('h-2')).toEqual([expect.objectContaining({ note: call.note })])
  })
})

it('fails once for all who wait for the same delivery', async () => {
  losesAnswers = true
  crm.latencyMs = 200
  const answers = await Promise.all(Array.from({ length: 8 }, () => put('w-1', call, { as: forgetful })))
  losesAnswers = false
  expect(answers.map(({ status, body }) => ({ status, standing: body.status, code: body.lastError.code })))
    .toEqual(answers.map(() => ({ status: 202, standing: 'retrying', code: 'crm_server_error' })))
  expect(await attemptsOf('w-1')).toHaveLength(1)
})

describe('an update whose answer is lost', () => {
  it('is undone in the CRM as well when the content goes back to what it was', async () => {
    const { note: _note, ...withoutNote } = call
    await put('v-1', withoutNote, { as: forgetful }).expect(201)
    losesAnswers = true
    await put('v-1', call, { as: forgetful }).expect(202)
    losesAnswers = false
    expect(await activitiesFor('v-1')).toEqual([expect.objectContaining({ note: 'secret-note' })])
    expect((await put('v-1', withoutNote, { as: forgetful }).expect(200)).body).toMatchObject({ version: 3, deliveredVersion: 3 })
    expect(await activitiesFor('v-1')).toEqual([expect.objectContaining({ note: null })])
  })
})

describe('a delivery that its client does not wait for', () => {
  const isTrue = async (condition: () => boolean | Promise<boolean>) => {
    while (!await condition()) await new Promise(resolve => setTimeout(resolve, 10))
  }

  it('goes on when the client goes away', async () => {
    crm.latencyMs = 200
    const client = new AbortController()
    const gone = fetch(`${test.url}/v1/call-logs/g-1`, {
      method: 'PUT', signal: client.signal, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Prefer: 'wait=10' }, body: JSON.stringify(call),
    })
    await isTrue(async () => (await rowsOf(`SELECT 1 FROM ledger WHERE key = $1 AND status = 'delivering'`, 'g-1')).length > 0)
    client.abort()
    await expect(gone).rejects.toThrow()
    await test.server.services.idle()
    expect(await get('g-1')).toMatchObject({ status: 'delivered' })
  })

  it('brings what changed while it was under way', async () => {
    crm.latencyMs = 150
    const first = put('g-2')
    const isSent = first.then(() => undefined)
    await isTrue(async () => (await rowsOf(`SELECT 1 FROM ledger WHERE key = $1 AND status = 'delivering'`, 'g-2')).length > 0)
    await put('g-2', { ...call, note: 'newer' }).expect(200)
    await isSent
    await test.server.services.idle()
    expect(await get('g-2')).toMatchObject({ status: 'delivered', version: 2, deliveredVersion: 2 })
    expect(await activitiesFor('g-2')).toEqual([expect.objectContaining({ note: 'newer' })])
  })

  it('brings it also when whoever changed it has stopped waiting', async () => {
    crm.latencyMs = 700
    const first = put('g-3').then(({ status }) => status)
    await isTrue(async () => (await rowsOf(`SELECT 1 FROM ledger WHERE key = $1 AND status = 'delivering'`, 'g-3')).length > 0)
    expect((await put('g-3', { ...call, note: 'newer' }).set('Prefer', 'wait=0').expect(202)).body).toMatchObject({ status: 'delivering', version: 2, deliveredVersion: 0 })
    expect(await first).toBe(201)
    await test.server.services.idle()
    expect(await get('g-3')).toMatchObject({ status: 'delivered', version: 2, deliveredVersion: 2 })
  })

  it('is answered at once without a preference, and with one that is no number', async () => {
    crm.latencyMs = 300
    for (const [callId, prefer] of [['g-4', undefined], ['g-5', 'respond-async'], ['g-6', 'wait=soon']] as const) {
      const asked = request(test.url).put(`/v1/call-logs/${callId}`).auth(token, { type: 'bearer' })
      const { body, headers } = await (prefer === undefined ? asked : asked.set('Prefer', prefer)).send(call).expect(202)
      expect(body).toMatchObject({ status: 'pending', deliveredVersion: 0 })
      expect(headers['preference-applied']).toBeUndefined()
    }
    expect((await put('g-7').expect(201)).headers['preference-applied']).toBe('wait=10')
    await test.server.services.idle()
    for (const callId of ['g-4', 'g-5', 'g-6']) expect(await get(callId)).toMatchObject({ status: 'delivered' })
  })
})

it('writes no phone number, note or token into the log', async () => {
  crm.fault = 'error'
  await put('s-1').expect(202)
  crm.fault = 'none'
  await put('s-1').expect(200)
  expect(logged).toContain('request completed')
  for (const secret of ['413741741', '201234567', 'secret-note', token, 'good-key']) expect(logged).not.toContain(secret)
})
