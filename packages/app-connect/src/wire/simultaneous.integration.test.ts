import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createPostgres } from '../testing/postgres.js'
import { rcCallOf, startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''

;(hasPostgres ? describe : describe.skip)('on a real PostgreSQL', () => {
  let test: TestWire
  let database: Awaited<ReturnType<typeof createPostgres>>
  let ann: WireClient
  beforeAll(async () => {
    database = await createPostgres()
    test = await startTestWire({ database: { url: database.url } })
    ann = await test.connectToAcme()
    ann.preflights = false
  }, startMs)
  afterAll(async () => {
    await test.stop()
    await database.drop()
  })

  const log = (sessionId: string, note: string) => ann.post('/callLog?jwtToken={jwt}', { logInfo: rcCallOf(sessionId), note, additionalSubmission: {}, contactId: 'p_1001', contactType: 'person', contactName: 'Jan' })
  const activities = async () => (await test.control('GET', 'stats') as { activities: number }).activities

  it('makes one activity of each session that is logged from two pages at once, and answers both', async () => {
    const before = await activities()
    const sessions = Array.from({ length: 20 }, (_, at) => `both-${String(at)}`)
    const pairs = await Promise.all(sessions.map(id => Promise.all([log(id, 'one'), log(id, 'two')])))
    for (const [one, two] of pairs) {
      expect([one.body.successful, two.body.successful]).toEqual([true, true])
      expect(one.body.logId).toBe(two.body.logId)
    }
    expect(await activities()).toBe(before + sessions.length)
  })

  it('keeps what each of two that log a session at once says of it', async () => {
    const send = (sessionId: string, said: object) => ann.post('/callLog?jwtToken={jwt}', { logInfo: rcCallOf(sessionId), note: '', additionalSubmission: {}, contactId: 'p_1001', contactType: 'person', contactName: 'Jan', ...said })
    const sessions = Array.from({ length: 20 }, (_, at) => `each-${String(at)}`)
    const answers = await Promise.all(sessions.flatMap(id => [send(id, { aiNote: 'A summary.' }), send(id, { transcript: 'Hello.' })]))
    expect(answers.every(({ body }) => body.successful)).toBe(true)
    const rows = await test.server.services.database.query<{ summary: string; transcript: string }>(
      { text: `SELECT content->>'summary' AS summary, content->>'transcript' AS transcript FROM ledger WHERE key LIKE 'each-%'` }, [])
    expect(rows).toEqual(sessions.map(() => ({ summary: 'A summary.', transcript: 'Hello.' })))
  })

  it('makes one day of messages that are logged at once', async () => {
    const before = await activities()
    const send = (id: number) => ann.post('/messageLog?jwtToken={jwt}', {
      logInfo: { type: 'SMS', conversationId: 'c1', conversationLogId: 'c1/2026-03-01', correspondents: [{ phoneNumber: '+31413741741' }], messages: [
        { id, type: 'SMS', subject: `Text ${String(id)}`, direction: 'Inbound', creationTime: '2026-03-01T10:00:00Z', from: { phoneNumber: '+31413741741' }, to: [{ phoneNumber: '+31201234567' }] },
      ] },
      additionalSubmission: {}, overridingFormat: [], contactId: 'p_1001', contactType: 'person', contactName: 'Jan',
    })
    const answers = await Promise.all([1, 2, 3, 4].map(send))
    expect(new Set(answers.map(({ body }) => body.logIds[0])).size).toBe(1)
    expect(await activities()).toBe(before + 1)
    const [row] = await test.server.services.database.query<{ count: number }>({ text: `SELECT jsonb_array_length(content->'messages') AS count FROM ledger WHERE kind = 'message'` }, [])
    expect(row!.count).toBe(4)
  })

  it('signs one of two in whose browsers come back with the same state', async () => {
    const { signInToAcme } = await import('../testing/start-wire.js')
    const back = await signInToAcme(test.client())
    const answers = await Promise.all([1, 2].map(() => test.client().get(`/oauth-callback?callbackUri=${back}&hostname=temp&rcAccountId=1`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it('refreshes an expired grant once, however many ask', async () => {
    const before = (await test.control('GET', 'stats') as { refreshes_granted: number }).refreshes_granted
    await test.control('POST', 'expire-access-tokens')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) =>
      ann.get(`/contact?jwtToken={jwt}&phoneNumber=+3141374174${String(at)}&overridingFormat=&isExtension=false&isForceRefreshAccountData=true`)))
    for (const { body } of answers) expect(body.successful).toBe(true)
    expect((await test.control('GET', 'stats') as { refreshes_granted: number }).refreshes_granted).toBe(before + 1)
  })
})
