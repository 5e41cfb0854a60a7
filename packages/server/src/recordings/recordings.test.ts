import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { PhoneSystem } from '../testing/phone-system.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import { until } from '../testing/until.js'

let crm: FakeCrm
let phone: PhoneSystem
let foreign: PhoneSystem
let test: TestServer
let token: string
const connect = async (settings: Record<string, unknown>, adapter = 'fake-apikey') =>
  connectAgent(test, await test.install(adapter, { settings: { country: 'NL', uploadRecordings: true, recordingHosts: [phone.host], maxRecordingMb: 1, ...settings } }))

beforeAll(async () => {
  crm = await FakeCrm.start()
  phone = await PhoneSystem.start()
  foreign = await PhoneSystem.start()
  test = await startTestServer({
    crm, otherCrms: [phone, foreign],
    adapters: [fakeAdapter('apiKey', {
      async uploadRecording({ http }, ref, { stream, contentType, fileName }) {
        await http.put(`/activities/${ref.id}/recordings/${fileName}`, stream, { headers: { 'Content-Type': contentType } })
      },
    })],
  })
  token = await connect({})
})
afterAll(async () => {
  await test.stop()
  await phone.stop()
  await foreign.stop()
  await crm.stop()
})
afterEach(() => {
  crm.fault = 'none'
  crm.recordings.length = 0
  crm.recordingBytes = 0
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z', result: 'answered' }
const put = (callId: string, path: string, changes: object = {}, as = token) =>
  request(test.url).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send({ ...call, recordingUrl: path.startsWith('http') ? path : `${phone.origin}${path}`, ...changes })
const get = async (callId: string, as = token) => (await request(test.url).get(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).expect(200)).body
const settled = (callId: string, as = token) => until(async () => {
  const log = await get(callId, as)
  return log.status === 'delivering' ? null : log
})
const give = (path: string, bytes: number, headers: Record<string, string> = { 'Content-Type': 'audio/mpeg' }) =>
  phone.answers.set(path, (_request, response) => { response.writeHead(200, headers).end(Buffer.alloc(bytes)) })
const makeDue = async () => {
  await test.server.services.database.query({ text: `UPDATE ledger SET next_attempt_at = now() WHERE status = 'retrying'` }, [])
}

describe('a recording', () => {
  it('is copied onto the activity, once, under a name that stays', async () => {
    give('/r/1.mp3', 5000)
    await put('r-1', '/r/1.mp3?signature=abc').expect(201)
    expect(await settled('r-1')).toMatchObject({ status: 'delivered', recording: { status: 'copied' } })
    const { id } = crm.activities.at(-1)!
    expect(crm.recordings).toEqual([{ activity: id, name: expect.stringMatching(/^lf-[\w-]+\.mp3$/), type: 'audio/mpeg', bytes: 5000 }])
    await put('r-1', '/r/1.mp3?signature=abc', { note: 'later' }).expect(200)
    await settled('r-1')
    expect(crm.recordings).toHaveLength(1)
    await put('r-1', '/r/1.mp3?signature=def').expect(200)
    await settled('r-1')
    expect(crm.recordings.map(({ name }) => name)).toEqual([crm.recordings[0]!.name, crm.recordings[0]!.name])
  })

  it('is on its way into the CRM before the phone system has sent all of it', async () => {
    phone.answers.set('/r/slow.wav', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'audio/wav' }).write(Buffer.alloc(200_000))
      void until(async () => crm.recordingBytes > 0 ? true : null).then(() => response.end(Buffer.alloc(200_000)))
    })
    await put('r-2', '/r/slow.wav')
    await settled('r-2')
    expect(crm.recordings).toMatchObject([{ bytes: 400_000 }])
  })

  it('keeps nobody waiting: the log is delivered before', async () => {
    let release = (): void => undefined
    const released = new Promise<void>(resolve => { release = resolve })
    phone.answers.set('/r/late.mp3', (_request, response) => { void released.then(() => response.writeHead(200, { 'Content-Type': 'audio/mpeg' }).end('x')) })
    expect((await put('r-3', '/r/late.mp3').expect(201)).body).toMatchObject({ deliveredVersion: 1, activity: { id: expect.any(String) }, recording: null })
    release()
    expect(await settled('r-3')).toMatchObject({ status: 'delivered', recording: { status: 'copied' } })
  })

  it('is not asked for where the installation does not want copies', async () => {
    give('/r/off.mp3', 10)
    const as = await connect({ uploadRecordings: false })
    expect((await put('r-4', '/r/off.mp3', {}, as).expect(201)).body).toMatchObject({ status: 'delivered', recording: null })
    expect(phone.asked).not.toContain('/r/off.mp3')
  })
})

describe('a recording that is not copied', () => {
  it.each([
    ['gone', '/r/gone.mp3', undefined, 'The phone system answered 404.'],
    ['of another kind', '/r/page.html', { 'Content-Type': 'text/html' }, 'It is neither audio nor video.'],
    ['said to be too large', '/r/large.mp3', { 'Content-Type': 'audio/mpeg', 'Content-Length': '1000001' }, 'It is larger than maxRecordingMb allows.'],
  ])('because it is %s leaves the log delivered, says why, and is not tried again', async (why, path, headers, detail) => {
    const callId = `n-${why}`
    if (headers) phone.answers.set(path, (_request, response) => { response.writeHead(200, headers).write('x') })
    await put(callId, path)
    expect(await settled(callId)).toMatchObject({ status: 'delivered', lastError: null, recording: { status: 'failed', code: 'recording_refused', detail } })
    const asked = phone.asked.length
    await put(callId, path, { note: 'later' }).expect(200)
    expect(await settled(callId)).toMatchObject({ status: 'delivered', version: 2, recording: { status: 'failed' } })
    expect(phone.asked).toHaveLength(asked)
    expect(crm.recordings).toEqual([])
  })

  it('because it turns out to be too large is given up at the cap', async () => {
    let sent = 0
    let isClosed = false
    phone.answers.set('/r/endless.mp3', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg' })
      const piece = Buffer.alloc(64_000)
      const more = () => {
        while (!response.destroyed) {
          sent += piece.length
          if (!response.write(piece)) break
        }
      }
      response.on('drain', more).on('close', () => { isClosed = true })
      more()
    })
    await put('n-endless', '/r/endless.mp3')
    expect(await settled('n-endless')).toMatchObject({ status: 'delivered', recording: { status: 'failed', code: 'recording_refused', detail: 'It is larger than maxRecordingMb allows.' } })
    await until(async () => isClosed ? true : null)
    expect(sent).toBeLessThan(20_000_000)
    expect(crm.recordings).toEqual([])
  })

  it('because its host is not allowed is not even asked for, also by way of a redirect', async () => {
    phone.answers.set('/r/elsewhere.mp3', (_request, response) => { response.writeHead(302, { Location: `${foreign.origin}/r/1.mp3` }).end() })
    for (const [callId, url] of [['n-host', `${foreign.origin}/r/1.mp3`], ['n-redirect', '/r/elsewhere.mp3'], ['n-private', 'http://127.0.0.1:1/r.mp3']] as const) {
      await put(callId, url)
      expect(await settled(callId)).toMatchObject({ status: 'delivered', recording: { status: 'failed', detail: 'Its host is none of the installation’s recordingHosts.' } })
    }
    expect(foreign.asked).toEqual([])
  })

  it('because the operator does not allow its private host is not asked for either', async () => {
    const as = await connect({ recordingHosts: ['127.0.0.1:1'] })
    await put('n-guard', 'http://127.0.0.1:1/r.mp3', {}, as)
    expect((await settled('n-guard', as)).recording).toMatchObject({ code: 'recording_refused', detail: 'Only https is allowed.' })
  })

  it('follows a redirect to a host that is allowed', async () => {
    give('/r/real.mp3', 7)
    phone.answers.set('/r/moved.mp3', (_request, response) => { response.writeHead(302, { Location: '/r/real.mp3' }).end() })
    await put('n-moved', '/r/moved.mp3')
    expect((await settled('n-moved')).recording).toEqual({ status: 'copied' })
  })
})

describe('a recording that cannot be copied for now', () => {
  it('is tried again by itself; the activity and what was told stay', async () => {
    phone.answers.set('/r/flaky.mp3', (_request, response) => { response.writeHead(503).end() })
    await put('f-1', '/r/flaky.mp3')
    const log = await settled('f-1')
    expect(log).toMatchObject({ status: 'retrying', version: 1, deliveredVersion: 1, activity: { id: expect.any(String) }, lastError: { code: 'recording_failed' }, recording: { status: 'retrying', code: 'recording_failed' } })
    give('/r/flaky.mp3', 10)
    await makeDue()
    const before = { ...crm.counts }
    await put('f-1', '/r/flaky.mp3').expect(200)
    expect(await until(async () => {
      const now = await get('f-1')
      return now.status === 'delivered' ? now : null
    })).toMatchObject({ status: 'delivered', activity: log.activity, lastError: null, recording: { status: 'copied' } })
    expect(crm.counts).toMatchObject({ activities: before.activities, updates: before.updates })
  })

  it('for long is given up, and the log is delivered', async () => {
    phone.answers.set('/r/down.mp3', (_request, response) => { response.destroy() })
    await put('f-2', '/r/down.mp3')
    await settled('f-2')
    await test.server.services.database.query({ text: `UPDATE ledger SET recording_issue = recording_issue || '{"attempts": 9}' WHERE key = 'f-2'` }, [])
    await makeDue()
    await put('f-2', '/r/down.mp3')
    expect(await until(async () => {
      const now = await get('f-2')
      return now.status === 'delivered' ? now : null
    })).toMatchObject({ lastError: null, recording: { status: 'failed', code: 'recording_failed' } })
  })

  it('because the CRM fails is tried again', async () => {
    phone.answers.set('/r/trip.mp3', (_request, response) => {
      crm.fault = 'error'
      response.writeHead(200, { 'Content-Type': 'audio/mpeg' }).end('x')
    })
    await put('f-3', '/r/trip.mp3')
    expect(await settled('f-3')).toMatchObject({ status: 'retrying', deliveredVersion: 1, recording: { detail: 'The CRM failed.' } })
  })
})
