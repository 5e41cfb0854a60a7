import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import tryton from '@linefinder/adapter-tryton'
import { createClient, LinefinderError, type LinefinderClient } from '@linefinder/client'
import { createServer, type LinefinderServer } from '@linefinder/server'
// Test tools of the adapter and of the server are no doors of their packages.
/* eslint-disable no-restricted-imports */
import { annsPassword, probeWithAnn, type Probe } from '../../../adapters/tryton/src/testing/probe.js'
import { installed, startTryton, type Tryton } from '../../../adapters/tryton/src/testing/start-tryton.js'
import { PhoneSystem } from '../../server/src/testing/phone-system.js'
import { until } from '../../server/src/testing/until.js'
/* eslint-enable no-restricted-imports */
import { findFreePort } from './testing/processes.js'

/*
 * One day with a CRM that none of us wrote, from the phone's side to what Tryton's own API shows of it. The steps build on each other.
 */

const recording = randomBytes(300_001)

const whereTrytonIs = installed === '' ? describe.skip : describe

whereTrytonIs('a day with Tryton', () => {
  let crm: Tryton
  let probe: Probe
  let phone: PhoneSystem
  let server: LinefinderServer
  let admin: LinefinderClient['admin']
  let ann: LinefinderClient
  let [url, connectionId] = ['', '']
  let party: number
  beforeAll(async () => {
    const port = await findFreePort()
    url = `http://127.0.0.1:${String(port)}`
    phone = await PhoneSystem.start()
    phone.answers.set('/call-1.mp3', (_request, response) => { response.writeHead(200, { 'Content-Type': 'audio/mpeg' }).end(recording) })
    crm = await startTryton()
    probe = await probeWithAnn(crm)
    party = await probe.createParty('De Vries Dakwerken', { type: 'phone', value: '+31 (0)413-741 741' })
    server = await createServer({ adapters: [tryton], privateOrigins: [crm.url, phone.origin] })
    const key = await server.services.tenants.ensureDefaults() ?? ''
    await server.listen(port)
    admin = createClient({ baseUrl: url, token: key }).admin
    const { id: installation } = await admin.installations.create({
      body: {
        adapter: 'tryton', name: 'Tryton', host: crm.host,
        settings: { country: 'NL', timeZone: 'Europe/Amsterdam', database: crm.database, uploadRecordings: true, recordingHosts: [phone.host] },
      },
    })
    const session = await createClient({ baseUrl: url }).connecting.createConnection({
      body: { client_id: 'default', installation, fields: { username: 'ann', password: annsPassword } },
    })
    connectionId = session.connection.id
    ann = createClient({ baseUrl: url, token: session.token })
  }, 180_000)
  afterAll(async () => {
    await server.stop()
    await crm.stop()
    await phone.stop()
  })

  const params = { callId: 'call-1' }
  const query = {}
  const messages = async () => (await probe.notesOn(party)).map(({ message }) => message)

  /** What the server holds of Ann's login. */
  async function sessionNow(): Promise<string> {
    const { credentials } = await server.services.vault.read(connectionId)
    if (credentials.type !== 'custom') throw new Error('Tryton has a login of its own')
    const { username, userId, key } = credentials.session.values
    return btoa([username, userId, key].join(':'))
  }

  const search = ['model.party.party.search', [[], 0, 1, null, {}]] as const
  const askAs = async (session: string, method: string, rpcParams: readonly unknown[]): Promise<number> => (await fetch(`${crm.url}/${crm.database}/`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Session ${session}` }, body: JSON.stringify({ id: 0, method, params: rpcParams }),
  })).status

  it('begins with who Ann is in Tryton', async () => {
    expect(await ann.me.get({})).toMatchObject({ user: { id: '2', name: 'Ann Bakker', account: { id: 'crm' } } })
  })

  it('finds the party whose number is typed as +31 (0)413-741 741 when +31413741741 calls, with its page', async () => {
    const { contacts } = await ann.contacts.find({ query: { phone: '+31413741741', deadline_ms: 20_000 } })
    expect(contacts).toMatchObject([{ id: String(party), name: 'De Vries Dakwerken', url: `${crm.url}/#crm/model/party.party/${String(party)}` }])
  })

  it('logs the call on the party as Ann, once', async () => {
    const body = {
      direction: 'inbound', from: { number: '+31413741741', name: 'Jan' }, to: { number: '+31201234567' },
      startedAt: '2026-03-02T09:15:00+01:00', durationSeconds: 118, result: 'answered', contactId: String(party), note: 'Wants a quote.',
    } as never
    const log = await ann.callLogs.put({ params, query, body, waitSeconds: 20 })
    await ann.callLogs.put({ params, query, body, waitSeconds: 20 })
    expect(log.status).toBe('delivered')
    expect(await probe.notesOn(party)).toMatchObject([{ create_uid: 2, message: expect.stringMatching(/^Incoming call from Jan\n\nNote: Wants a quote\.\n[^]*\n\n\[lf-\S+\]$/) }])
  })

  it('changes the note when the call turns out to be about something', async () => {
    const log = await ann.callLogs.patch({ params, query, body: { subject: 'The new roof' }, waitSeconds: 20 })
    expect(log.status).toBe('delivered')
    expect(await messages()).toEqual([expect.stringMatching(/^The new roof\n\nNote: Wants a quote\./)])
  })

  it('adds a note that is written later, and keeps what others wrote', async () => {
    const [note] = await probe.notesOn(party)
    await probe.call('ir.note.write', [note!.id], { message: note!.message.replace('\n\n[lf-', '\nThe boss knows them.\n\n[lf-') })
    const log = await ann.callLogs.patch({ params, query, body: { note: 'Wants a quote by Friday.' }, waitSeconds: 20 })
    expect(log.status).toBe('delivered')
    expect(await messages()).toEqual([expect.stringMatching(/^The new roof\n\nNote: Wants a quote by Friday\.\n[^]*Duration: 1 min 58 s[^]*\nThe boss knows them\.\n\n\[lf-\S+\]$/)])
  })

  it('copies the recording to the party', async () => {
    await ann.callLogs.patch({ params, query, body: { recordingUrl: `${phone.origin}/call-1.mp3` }, waitSeconds: 20 })
    const files = await until(async () => {
      const found = await probe.filesOn(party)
      return found.length > 0 ? found : null
    })
    expect(files).toMatchObject([{ name: expect.stringMatching(/\.mp3$/), description: expect.stringMatching(/^Call recording\n/), data: recording }])
  })

  it('logs Ann in again when Tryton has ended her session', async () => {
    const session = await sessionNow()
    expect(await askAs(session, 'common.db.logout', [])).toBe(200)
    const log = await ann.callLogs.patch({ params, query, body: { subject: 'The new roof, and the gutter' }, waitSeconds: 20 })
    expect(log.status).toBe('delivered')
    expect(await messages()).toEqual([expect.stringMatching(/^The new roof, and the gutter\n/)])
    expect([await askAs(session, ...search), await askAs(await sessionNow(), ...search)]).toEqual([401, 200])
  })

  it('puts a callback and a day of messages on the party', async () => {
    const callback = await ann.callbacks.put({
      params: { callbackId: 'back-1' }, query, waitSeconds: 20,
      body: { number: '+31413741741', name: 'Jan', contactId: String(party) as never, dueAt: '2026-11-26T10:00:00+01:00', note: 'With the quote.' },
    })
    expect(callback.delivery.status).toBe('delivered')
    await ann.callbacks.patch({ params: { callbackId: 'back-1' }, query, body: { status: 'done' }, waitSeconds: 20 })
    const day = await ann.messageLogs.put({
      params: { conversationId: 'sms-1', day: '2026-03-02' }, query, waitSeconds: 20,
      body: {
        contactId: String(party) as never,
        messages: [{ id: 'm1' as never, kind: 'sms', direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, sentAt: '2026-03-02T11:00:00+01:00', text: 'Thanks!' }],
      },
    })
    expect(day.status).toBe('delivered')
    expect((await messages()).slice(1)).toEqual([
      expect.stringMatching(/^Called back Jan \(\+31413741741\), due 2026-11-26 10:00 \(UTC\+01:00\)\n\nWith the quote\.\n/),
      expect.stringMatching(/^Messages from \+31413741741, 2026-03-02\n\n[^]*Thanks!\n/),
    ])
  })

  it('makes a party for somebody new, whom the next call finds', async () => {
    const created = await ann.contacts.create({ body: { name: 'Piet', phone: '0201111111' } })
    const { contacts } = await ann.contacts.find({ query: { phone: '+31201111111', fresh: true, deadline_ms: 20_000 } })
    expect(contacts).toMatchObject([{ id: created.id, name: 'Piet' }])
    expect(await probe.call('party.party.read', [Number(created.id)], ['name', 'phone'])).toMatchObject([{ name: 'Piet', phone: '+31201111111' }])
  })

  it('feeds a directory, which answers without Tryton', async () => {
    await admin.directories.switchOn({ params: { id: connectionId }, body: { maxContacts: null } })
    await until(async () => (await ann.directory.get()).state === 'ready' || null)
    const found = await ann.contacts.find({ query: { phone: '+31413741741' } })
    expect(found).toMatchObject({ source: 'directory', contacts: [{ id: String(party), name: 'De Vries Dakwerken' }] })
  })

  it('ends with Ann logging out: Tryton refuses the session that she had', async () => {
    const session = await sessionNow()
    expect(await askAs(session, ...search)).toBe(200)
    await ann.me.endConnection({})
    expect(await askAs(session, ...search)).toBe(401)
    const refused = await ann.me.get({}).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(LinefinderError)
    expect(await messages()).toHaveLength(3)
  })
})
