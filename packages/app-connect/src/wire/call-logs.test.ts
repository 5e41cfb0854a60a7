import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rcCallOf, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire({ otherSurfaces: [{ path: '/at-once', deliveryWaitMs: 0 }] })
  ann = await test.connectToAcme()
})
afterAll(() => test.stop())

const jan = { contactId: 'p_1001', contactType: 'person', contactName: 'Jan de Vries' }
const log = (sessionId: string, more: object = {}, call: object = {}, client = ann) => client.post('/callLog?jwtToken={jwt}', {
  logInfo: rcCallOf(sessionId, call), note: '', additionalSubmission: {}, overridingFormat: ['(###) ###-####'], ...jan, ...more,
})
const ask = (ids: string, details = false, client = ann) => client.get(`/callLog?jwtToken={jwt}&sessionIds=${ids}&requireDetails=${String(details)}`)
/** What Acme holds of an activity. */
const inAcme = async (id: string) => await test.acmeApi(`/activities/${id}`) as Record<string, unknown>
const countInAcme = async () => (await test.control('GET', 'stats') as { activities: number }).activities
const stored = async (sessionId: string) => {
  const [row] = await test.server.services.database.query<{ content: Record<string, unknown> }>({ text: 'SELECT content FROM ledger WHERE key = $1' }, [sessionId])
  return row!.content
}

describe('an automatic log', () => {
  it('goes as the client does it: asks, looks up, logs, says the outcome, asks again', async () => {
    expect((await ask('auto')).body).toEqual({ successful: true, logs: [{ sessionId: 'auto', matched: false }] })
    const { body: found } = await ann.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=%28%23%23%23%29%20%23%23%23-%23%23%23%23&isExtension=false')
    expect(found.contact[0]).toMatchObject({ id: 'p_1001', name: 'Jan de Vries', type: 'person', isNewContact: false })
    const logged = await log('auto', { note: 'Wants a quote.', aiNote: 'A summary.', transcript: 'Hello.' }, { customSubject: 'Quote' })
    expect(logged).toMatchObject({ status: 200, body: { successful: true, logId: expect.any(String), returnMessage: { messageType: 'success' } } })
    expect((await ann.put('/callDisposition?jwtToken={jwt}', { sessionId: 'auto', dispositions: { _disposition: 'sold', note: '' }, additionalSubmission: {} })).body).toMatchObject({ successful: true, returnMessage: { messageType: 'success' } })
    expect((await ask('auto')).body.logs).toEqual([{ sessionId: 'auto', matched: true, logId: logged.body.logId, contact: { id: 'p_1001' } }])
    expect(await inAcme(logged.body.logId)).toMatchObject({
      person_id: 'p_1001', subject: 'Quote', direction: 'inbound', from_number: '+31413741741', started_at: '2026-03-01T10:00:00.000Z', duration_seconds: 42, result: 'answered', disposition: 'sold',
    })
    expect(String((await inAcme(logged.body.logId))['body'])).toMatch(/Wants a quote\.[^]*A summary\.[^]*Hello\./)
  })

  it('answers for every call that is asked for, not for five', async () => {
    // MISMATCH: the client asks for as many as it shows.
    await log('many-7')
    const ids = ['many-1', 'many-2', 'many-3', 'many-4', 'many-5', 'many-6', 'many-7', 'many-8']
    const { logs } = (await ask(ids.join(','))).body
    expect(logs.map(({ sessionId }: { sessionId: string }) => sessionId)).toEqual(ids)
    expect(logs.filter(({ matched }: { matched: boolean }) => matched)).toMatchObject([{ sessionId: 'many-7' }])
    expect((await ask('')).body).toEqual({ successful: true, logs: [] })
    expect((await ask(Array.from({ length: 250 }, (_, at) => `n${String(at)}`).join(','))).body.logs).toHaveLength(250)
  })
})

describe('a log by the form', () => {
  it('carries the CRM’s own fields and outcome, and shows what stands in the CRM now', async () => {
    await ann.get('/contact?jwtToken={jwt}&phoneNumber=+31413741741&overridingFormat=&isExtension=false')
    const { body } = await log('form', { note: 'First', additionalSubmission: { topic: 'quote', seats: '4', _disposition: 'sold', unknown: 'x', follow_up_on: 'none' } })
    expect(await inAcme(body.logId)).toMatchObject({ fields: { topic: 'quote', seats: 4 }, disposition: 'sold' })
    const [{ logData }] = (await ask('form', true)).body.logs
    expect(logData).toMatchObject({ note: expect.stringContaining('First'), subject: expect.any(String), dispositions: { _disposition: 'sold', topic: 'quote', seats: 4 } })
  })

  it('is edited: what is left out stays, an empty note is emptied', async () => {
    const { body: { logId } } = await log('edit', { note: 'Before' }, { customSubject: 'Kept' })
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'edit', note: 'After' })).body).toMatchObject({ successful: true, logId, updatedNote: 'After', returnMessage: { messageType: 'success' } })
    expect(await inAcme(logId)).toMatchObject({ subject: 'Kept', duration_seconds: 42, result: 'answered', body: expect.stringContaining('After') })
    await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'edit', duration: 60, result: 'Missed', subject: 'New' })
    expect(await inAcme(logId)).toMatchObject({ subject: 'New', duration_seconds: 60, result: 'missed', body: expect.stringContaining('After') })
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'edit', note: '' })).body).toMatchObject({ successful: true, updatedNote: '' })
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'edit' })).body).toMatchObject({ successful: true, logId })
  })

  it('gets the recording when it is ready, without RingCentral’s token', async () => {
    const { body: { logId } } = await log('recorded', {}, { recording: { link: '(pending...)', contentUri: 'https://media.example/1', downloadUrl: 'https://media.example/1?accessToken=RC-SECRET' } })
    expect(await inAcme(logId)).toMatchObject({ recording_url: null })
    await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'recorded', recordingLink: 'https://apps.example/player?media=1&accessToken=RC-SECRET&x=2', recordingDownloadLink: 'https://media.example/1?accessToken=RC-SECRET' })
    expect(await inAcme(logId)).toMatchObject({ recording_url: 'https://apps.example/player?media=1&x=2' })
    expect(JSON.stringify(await stored('recorded'))).not.toContain('RC-SECRET')
    expect(await stored('recorded')).toMatchObject({ extra: { appConnect: { contactType: 'person', contactName: 'Jan de Vries', logInfo: { sessionId: 'recorded', telephonySessionId: 's-recorded' } } } })
  })

  it('wants a contact that is made already', async () => {
    expect((await log('new', { contactId: 'createNewContact' })).body).toMatchObject({ successful: false, returnMessage: { messageType: 'warning' } })
    expect((await ask('new')).body.logs[0].matched).toBe(false)
  })

  it('is refused with 400 where it makes no sense', async () => {
    expect(await ann.post('/callLog?jwtToken={jwt}', { note: 'x' })).toMatchObject({ status: 400, body: { error: expect.stringContaining('logInfo') } })
    expect((await ann.post('/callLog?jwtToken={jwt}', { logInfo: { direction: 'Inbound' } })).status).toBe(400)
    expect((await log('odd', {}, { startTime: 'never', duration: 'long', from: null, to: 'x', result: {}, legs: 5 })).body.successful).toBe(true)
    expect((await log('odd-2', { note: 'a\u0000b\ud800c' })).body.successful).toBe(true)
    expect(await stored('odd-2')).toMatchObject({ note: 'abc' })
  })
})

describe('a call that is logged twice', () => {
  it('is one activity, and what was there is added to', async () => {
    const [first, second] = [await log('twice', { note: 'Mine', transcript: 'Said' }), await log('twice', { note: '', aiNote: 'Machine' })]
    expect(second.body).toMatchObject({ successful: true, logId: first.body.logId })
    expect(await stored('twice')).toMatchObject({ note: 'Mine', transcript: 'Said', summary: 'Machine' })
  })

  it('is one activity when both come at once, and both are answered', async () => {
    const before = await countInAcme()
    const answers = await Promise.all([log('at-once'), log('at-once')])
    expect(new Set(answers.map(({ body }) => body.logId)).size).toBe(1)
    for (const { body } of answers) expect(body.successful).toBe(true)
    expect(await countInAcme()).toBe(before + 1)
  })

  it('is the colleague’s who logged it, and nobody’s of another platform', async () => {
    const { body: { logId } } = await log('whose', { note: 'Ann’s' })
    const [cho, legacy] = [await test.connectToAcme('cho@acme.test'), await test.connectToLegacy()]
    for (const other of [cho, legacy]) {
      expect((await ask('whose', true, other)).body.logs).toEqual([{ sessionId: 'whose', matched: false }])
      expect((await other.patch('/callLog?jwtToken={jwt}', { sessionId: 'whose', note: 'Theirs' })).body).toMatchObject({ successful: false })
      expect((await other.put('/callDisposition?jwtToken={jwt}', { sessionId: 'whose', dispositions: { note: 'Theirs' } })).body.successful).toBe(false)
    }
    expect((await log('whose', {}, {}, cho)).body).toMatchObject({ successful: false, returnMessage: { message: expect.stringContaining('colleague') } })
    const theirs = (await log('whose', { contactId: '1' }, {}, legacy)).body
    expect(theirs).toMatchObject({ successful: true })
    expect(theirs.logId).not.toBe(logId)
    expect(await inAcme(logId)).toMatchObject({ body: expect.stringContaining('Ann’s') })
  })
})

describe('a CRM that is out of service', () => {
  it('loses no log: it counts as logged, and is in the CRM once that is back', async () => {
    await test.control('PUT', 'switches', { mode: 'down' })
    const kept = (await log('kept', { note: 'Kept.' })).body
    expect(kept).toMatchObject({ successful: true, logId: 'linefinder-kept', returnMessage: { messageType: 'success', message: expect.stringContaining('kept') } })
    expect((await ask('kept', true)).body.logs).toMatchObject([{ matched: true, logId: 'linefinder-kept', logData: { note: 'Kept.' } }])
    await test.control('PUT', 'switches', {})
    await test.server.services.database.query({ text: 'UPDATE connections SET paused_until = NULL, failures = 0' }, [])
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'kept', note: 'Kept, and more.' })).body).toMatchObject({ successful: true })
    await untilDelivered('kept')
    const [{ logId }] = (await ask('kept')).body.logs
    expect(await inAcme(logId)).toMatchObject({ person_id: 'p_1001', body: expect.stringContaining('Kept, and more.') })
  })

  it('keeps nobody waiting where the operator wants it so', async () => {
    const client = test.client('/at-once')
    client.jwt = ann.jwt
    await test.control('PUT', 'switches', { latency_ms: 500 })
    expect((await log('later', {}, {}, client)).body).toMatchObject({ successful: true, logId: 'linefinder-later' })
    await test.control('PUT', 'switches', {})
    await untilDelivered('later')
    expect((await ask('later')).body.logs[0].logId).not.toBe('linefinder-later')
  })

  it('says what the CRM did not take', async () => {
    expect((await log('refused', { contactId: 'nobody-at-all' })).body).toMatchObject({ successful: false, returnMessage: { messageType: 'warning', message: expect.stringContaining('not taken') } })
    expect((await log('refused')).body.successful).toBe(true)
  })
})

async function untilDelivered(sessionId: string): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    const [row] = await test.server.services.database.query<{ status: string }>({ text: 'SELECT status FROM ledger WHERE key = $1' }, [sessionId])
    if (row?.status === 'delivered') return
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  throw new Error(`${sessionId} was not delivered`)
}

describe('a log that is not there', () => {
  it('is not changed, and the client is told', async () => {
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'never', note: 'x' })).body).toMatchObject({ successful: false, returnMessage: { messageType: 'warning' } })
    expect((await ann.patch('/callLog?jwtToken={jwt}', { sessionId: 'never' })).body.successful).toBe(false)
    expect((await ann.put('/callDisposition?jwtToken={jwt}', { sessionId: 'never', dispositions: {} })).body.successful).toBe(false)
  })
})

describe('a note that was typed during the call', () => {
  it('is kept for whoever logs the call without one, of this agent only', async () => {
    expect((await ann.post('/callLog/cacheNote?jwtToken={jwt}', { sessionId: 'typed', note: 'Typed.' })).body).toMatchObject({ successful: true })
    await log('typed')
    expect(await stored('typed')).toMatchObject({ note: 'Typed.' })
    await (await test.connectToAcme('ben@acme.test')).post('/callLog/cacheNote?jwtToken={jwt}', { sessionId: 'other-agent', note: 'Ben’s.' })
    await log('other-agent')
    expect(await stored('other-agent')).not.toHaveProperty('note')
  })

  it('does not take the place of one that is sent, and is gone after an hour', async () => {
    await ann.post('/callLog/cacheNote?jwtToken={jwt}', { sessionId: 'sent', note: 'Typed.' })
    await log('sent', { note: 'Sent.' })
    expect(await stored('sent')).toMatchObject({ note: 'Sent.' })
    await ann.post('/callLog/cacheNote?jwtToken={jwt}', { sessionId: 'late', note: 'Typed.' })
    await test.server.services.database.query({ text: `UPDATE settings SET updated_at = now() - interval '61 minutes' WHERE name = 'late'` }, [])
    await log('late')
    expect(await stored('late')).not.toHaveProperty('note')
  })
})
