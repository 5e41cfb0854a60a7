import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from './create-client.js'
import { LinefinderError, LinefinderNetworkError } from './errors.js'
import { json, RecordingServer, text, type Answer } from './testing/recording-server.js'

let server: RecordingServer
beforeAll(async () => { server = await RecordingServer.start() })
afterAll(() => server.stop())

async function failureOf(answer: Answer): Promise<unknown> {
  server.answer = answer
  return createClient({ baseUrl: server.origin, token: 'lfs_one', timeoutMs: 2000 }).me.get().then(() => 'no failure', (error: unknown) => error)
}

const problem = {
  type: '/docs/errors#crm_rate_limited', title: 'The CRM limits the number of requests', status: 503, code: 'crm_rate_limited',
  retryable: true, advice: 'Wait for Retry-After, then try again.', requestId: 'r-1',
}

describe('a problem document', () => {
  it('becomes a LinefinderError with all that it says', async () => {
    const error = await failureOf(json(503, problem, { 'Retry-After': '7' }))
    expect(error).toBeInstanceOf(LinefinderError)
    expect(error).toMatchObject({
      name: 'LinefinderError', message: problem.title, code: 'crm_rate_limited', status: 503, retryable: true, requestId: 'r-1',
      advice: problem.advice, errors: [], retryAfterSeconds: 7,
    })
  })

  it('names the wrong fields', async () => {
    const errors = [{ in: 'body', pointer: '/direction', message: 'is required' }]
    const error = await failureOf(json(422, { ...problem, code: 'invalid_fields', status: 422, detail: 'Look.', errors }))
    expect(error).toMatchObject({ message: 'Look.', errors, retryAfterSeconds: undefined })
  })

  it('of a newer server keeps a code that this package does not know', async () => {
    expect(await failureOf(json(418, { ...problem, code: 'teapot', status: 418, spout: 1 }))).toMatchObject({ name: 'LinefinderError', code: 'teapot' })
  })

  it('may give its waiting time as a date', async () => {
    const error = await failureOf(json(503, problem, { 'Retry-After': 'Mon, 02 Mar 2020 09:15:00 GMT' }))
    expect(error).toMatchObject({ retryAfterSeconds: 0 })
  })
})

describe('no usable answer', () => {
  it.each<[string, Answer, unknown]>([
    ['a proxy’s error page', text(502, '<h1>Bad gateway</h1>'), { reason: 'not_ours', status: 502 }],
    ['JSON of somebody else', json(404, { error: 'nothing here' }), { reason: 'not_ours', status: 404 }],
    ['JSON null with an error status', json(500, null), { reason: 'not_ours', status: 500 }],
    ['a page with status 200', text(200, '<h1>Welcome to this hotel’s Wi-Fi</h1>'), { reason: 'not_ours', status: 200 }],
    ['an empty answer', text(200, ''), { reason: 'not_ours', status: 200 }],
    ['a broken connection', response => { response.destroy() }, { reason: 'no_answer', status: undefined }],
    ['an answer that breaks off', response => { response.writeHead(200, { 'Content-Length': '100' }).write('{"a":', () => response.destroy()) }, { reason: 'no_answer', status: undefined }],
  ])('%s is a LinefinderNetworkError', async (_, answer, expected) => {
    const error = await failureOf(answer)
    expect(error).toBeInstanceOf(LinefinderNetworkError)
    expect(error).toMatchObject(expected as object)
  })

  it('from a server that is not there is a LinefinderNetworkError', async () => {
    const gone = await RecordingServer.start()
    const baseUrl = gone.origin
    await gone.stop()
    await expect(createClient({ baseUrl }).health.live()).rejects.toMatchObject({ name: 'LinefinderNetworkError', reason: 'no_answer' })
  })

  it('before the deadline is a timeout, also when only the body is late', async () => {
    server.answer = response => { response.writeHead(200).write('{') }
    await expect(createClient({ baseUrl: server.origin, timeoutMs: 100 }).health.live()).rejects.toMatchObject({ reason: 'timeout' })
  })
})

describe('the caller’s signal', () => {
  it('ends the call with the caller’s own reason', async () => {
    const leaving = new AbortController()
    server.answer = () => { leaving.abort(new Error('the agent left')) }
    await expect(createClient({ baseUrl: server.origin }).health.live({ signal: leaving.signal })).rejects.toThrow('the agent left')
  })
})
