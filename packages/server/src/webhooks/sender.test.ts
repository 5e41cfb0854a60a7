import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { AddressGuard } from '../crm/address-guard.js'
import { answers, takesIt, WebhookReceiver } from '../testing/webhook-receiver.js'
import { send } from './sender.js'

let receiver: WebhookReceiver
let guard: AddressGuard
beforeAll(async () => {
  receiver = await WebhookReceiver.start()
  guard = new AddressGuard([receiver.origin])
})
afterAll(async () => {
  guard.close()
  await receiver.stop()
})

const post = (path: string, deadlineMs?: number) => send(guard, `${receiver.origin}${path}`, { 'webhook-id': 'w1' }, '{"é":1}', deadlineMs)

it('posts the body as it stands, as JSON', async () => {
  receiver.answer = takesIt
  expect(await post('/in')).toMatchObject({ isTaken: true, status: 204, error: null, answer: '' })
  expect(receiver.at('/in')).toEqual([expect.objectContaining({ body: '{"é":1}', headers: expect.objectContaining({ 'webhook-id': 'w1', 'content-type': 'application/json' }) })])
})

it('keeps the first 500 characters of the answer, and reads no more of it than it must', async () => {
  let hasSentAll = false
  receiver.answer = response => {
    response.writeHead(500)
    const write = (left: number): void => {
      if (left > 0) response.write('x'.repeat(65_536), () => { write(left - 1) })
      else hasSentAll = true
    }
    write(1000)
  }
  expect(await post('/long')).toMatchObject({ isTaken: false, status: 500, answer: 'x'.repeat(500) })
  expect(hasSentAll).toBe(false)
})

it('keeps no character that the database cannot store', async () => {
  receiver.answer = answers(400, {}, 'a\0b')
  expect((await post('/null')).answer).toBe('a\uFFFDb')
})

it('gives up at its deadline', async () => {
  receiver.answer = () => undefined
  expect(await post('/hang', 50)).toMatchObject({ isTaken: false, status: null, error: 'timeout' })
})

it('goes by the status when the body never ends', async () => {
  receiver.answer = response => { response.writeHead(200).write('begun') }
  expect(await post('/endless', 200)).toMatchObject({ isTaken: true, status: 200, answer: '' })
})

it('says what the receiver asked to wait for', async () => {
  receiver.answer = answers(429, { 'Retry-After': '90' })
  expect(await post('/busy')).toMatchObject({ status: 429, retryAfterMs: 90_000 })
})

it.each([[301, '/gone'], [302, '/found'], [307, '/temporary'], [308, '/permanent']])('does not follow a redirect (%s)', async (status, path) => {
  receiver.answer = (response, request) => { if (request.path === path) answers(status, { Location: `${receiver.origin}/elsewhere` })(response) }
  expect(await post(path)).toMatchObject({ isTaken: false, status })
  expect(receiver.at('/elsewhere')).toEqual([])
})

it.each(['http://127.0.0.1:9/x', 'https://127.0.0.1:9/x', 'https://10.0.0.1/x', 'https://169.254.169.254/latest/meta-data'])('does not connect to %s', async url => {
  expect(await send(guard, url, {}, '{}')).toMatchObject({ isTaken: false, status: null, error: 'address_refused' })
})

it('says that nobody listens there', async () => {
  const gone = await WebhookReceiver.start()
  const { origin } = gone
  await gone.stop()
  const open = new AddressGuard([origin])
  expect(await send(open, origin, {}, '{}')).toMatchObject({ status: null, error: 'unreachable' })
  open.close()
})
