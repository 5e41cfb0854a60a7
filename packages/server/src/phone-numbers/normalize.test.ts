import { once } from 'node:events'
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import type { NormalizedNumber } from '@linefinder/core/api'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const path = '/v1/phone-numbers/normalize'

let crm: FakeCrm
let test: TestServer
let token = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  token = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const post = (query = '', as = token) => request(test.url).post(`${path}${query}`).auth(as, { type: 'bearer' }).type('application/x-ndjson')
  .buffer(true).parse((response, answer) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => { answer(null, Buffer.concat(chunks).toString()) })
  })
const linesOf = (text: string): NormalizedNumber[] => text.split('\n').slice(0, -1).map(line => JSON.parse(line) as NormalizedNumber)
const normalize = async (body: string, query = '', as = token) => linesOf((await post(query, as).send(body).expect(200)).body as string)
const lines = (...values: unknown[]) => values.map(value => `${JSON.stringify(value)}\n`).join('')

describe('protection', () => {
  it('wants a session, or a key that may look up', async () => {
    expect((await request(test.url).post(path).type('application/x-ndjson').send('"1"\n').expect(401)).body.code).toBe('unauthenticated')
    const shared = await connectShared(test, await test.install('fake-apikey'))
    expect(await normalize(lines('0413741741'), '', await test.addKey(['lookup'])).catch(() => 'refused')).toBe('refused')
    await post('', await test.addKey(['log'])).set('Linefinder-Connection', shared).send('').expect(403)
    await post('', await test.addKey(['lookup'])).set('Linefinder-Connection', shared).send('').expect(200)
  })
})

describe('what is wrong with the request', () => {
  it.each([['?country=ZZ', '/country'], ['?country=nl', '/country'], ['?output=plain', '/output'], ['?area_code=0-413', '/area_code'], ['?contry=NL', '/contry']])(
    '%s: 422 at %s before anything is answered', async (query, pointer) => {
      const response = await request(test.url).post(`${path}${query}`).auth(token, { type: 'bearer' }).type('application/x-ndjson').send('"1"\n').expect(422)
      expect(response.body.errors).toMatchObject([{ in: 'query', pointer }])
    })

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])('a body of type %s: 415', async type => {
    const response = await request(test.url).post(path).auth(token, { type: 'bearer' }).type(type).send(type.endsWith('json') ? '"1"' : '1').expect(415)
    expect(response.body).toMatchObject({ code: 'unsupported_media_type', detail: expect.stringContaining('application/x-ndjson') })
  })

  it('a compressed body: 415', async () => {
    await request(test.url).post(path).auth(token, { type: 'bearer' }).type('application/x-ndjson').set('Content-Encoding', 'gzip').send('"1"\n').expect(415)
  })

  it.each(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-ndjson; charset=utf-8'])('nothing with a body of type %s', async type => {
    const response = await post().type(type).send('"0413 741 741"\n').expect(200)
    expect(response.headers).toMatchObject({ 'content-type': 'application/x-ndjson; charset=utf-8', 'x-accel-buffering': 'no' })
    expect(linesOf(response.body as string)).toMatchObject([{ number: '+31413741741' }])
  })
})

describe('a line', () => {
  it('is a text, or an object with a number, and comes back with its id', async () => {
    expect(await normalize(lines('(0413) 741-741', { number: '0413-741 741', id: 'c-1' }, { number: 31413741741, id: 7 }, { number: null, id: 8 }))).toEqual([
      { line: 1, input: '(0413) 741-741', number: '+31413741741', country: 'NL', isValid: true, assumed: ['country'] },
      { line: 2, id: 'c-1', input: '0413-741 741', number: '+31413741741', country: 'NL', isValid: true, assumed: ['country'] },
      expect.objectContaining({ line: 3, id: 7, input: '31413741741', number: '+31413741741' }),
      { line: 4, id: 8, number: null, reason: 'no_digits' },
    ])
  })

  it('may be empty, end in CRLF, begin with a byte order mark, or lack its line feed', async () => {
    expect((await normalize('\uFEFF"0413741741"\r\n\r\n  \n"0413741742"')).map(({ line, number }) => [line, number]))
      .toEqual([[1, '+31413741741'], [4, '+31413741742']])
  })

  it.each([
    ['invalid_json', '0413741741'], ['invalid_json', '{"number": "1"'], ['invalid_json', '"\\uZ"'],
    ['invalid_fields', '{"phone": "1"}'], ['invalid_fields', '["1"]'], ['invalid_fields', 'null'], ['invalid_fields', 'true'],
    ['invalid_fields', '{"number": "1", "country": "Netherlands"}'], ['invalid_fields', '{"number": {}}'],
    ['invalid_fields', '{"number": "1", "id": 9007199254740993}'], ['invalid_fields', '{"number": "1", "contry": "NL"}'],
    ['line_too_long', JSON.stringify('1'.repeat(64 * 1024))],
  ])('that is wrong is answered with %s and spoils no other: %.40s', async (reason, line) => {
    expect(await normalize(`"0413741741"\n${line}\n"0413741742"\n`)).toMatchObject([{ number: '+31413741741' }, { line: 2, number: null, reason }, { line: 3, number: '+31413741742' }])
  })

  it('that is not UTF-8 is no JSON', async () => {
    const broken = Buffer.concat([Buffer.from('"'), Buffer.from([0xE9]), Buffer.from('0413741741"\n')])
    const answers = await new Promise<string>((resolve, reject) => {
      const asking = send(`${test.url}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-ndjson' } })
      asking.on('response', response => { void text(response).then(resolve, reject) }).on('error', reject).end(broken)
    })
    expect(linesOf(answers)).toEqual([{ line: 1, number: null, reason: 'invalid_json' }])
  })
})

describe('a number', () => {
  it.each([
    ['ask reception', { reason: 'no_digits' }],
    ['anonymous', { reason: 'withheld' }],
    ['204', { reason: 'internal', extension: '204' }],
    ['0413 741741 / 0413 741742', { reason: 'several_numbers', numbers: ['+31413741741', '+31413741742'] }],
    ['1'.repeat(300), { reason: 'too_long' }],
  ])('that cannot be had of "%.30s" is null, with the reason', async (number, answer) => {
    expect(await normalize(lines(number))).toEqual([{ line: 1, input: number, number: null, ...answer }])
  })

  it('of a length that the country does not have is null, with that reason', async () => {
    expect(await normalize(lines('+33 1234567'))).toEqual([{ line: 1, input: '+33 1234567', number: null, reason: 'wrong_length', country: 'FR', isValid: false }])
  })

  it('that is only possible is written, and said to be not valid', async () => {
    expect(await normalize(lines('+1 200 555 0100'))).toMatchObject([{ number: '+12005550100', isValid: false }])
  })

  it('has its extension apart', async () => {
    expect(await normalize(lines('0413 741741 ext. 5'))).toMatchObject([{ number: '+31413741741', extension: '5' }])
  })

  it.each([['e164', '+31413741741'], ['digits', '31413741741'], ['national', '0413 741 741'], ['international', '+31 413 741 741'], ['rfc3966', 'tel:+31413741741']])(
    'is written as %s: %s', async (output, number) => {
      expect(await normalize(lines('0413-741741'), `?output=${output}`)).toMatchObject([{ number }])
    })

  it('is read by its own country, then the query’s, then the installation’s', async () => {
    expect((await normalize(lines('02 123 45 67', { number: '030 123456', country: 'DE' }), '?country=BE')).map(({ number }) => number)).toEqual(['+3221234567', '+4930123456'])
    expect(await normalize(lines({ number: '030 123456', country: 'ZZ' }))).toMatchObject([{ number: null, reason: 'unknown_country' }])
  })
})

describe('a body of any length', () => {
  it('is answered line by line while it is still being sent', async () => {
    const { asking, answers } = stream()
    for (const [number, cleaned] of [['0413741741', '+31413741741'], ['0413741742', '+31413741742'], ['0413741743', '+31413741743']] as const) {
      asking.write(`"${number}"\n`)
      expect(JSON.parse((await answers.next()).value as string)).toMatchObject({ number: cleaned })
    }
    asking.end()
    expect((await answers.next()).done).toBe(true)
  })

  it('is left when the client goes away, and the next one is answered', async () => {
    const { asking, answers } = stream()
    asking.on('error', () => undefined)
    asking.write('"0413741741"\n')
    await answers.next()
    asking.destroy()
    expect(await normalize(lines('0413741742'))).toMatchObject([{ number: '+31413741742' }])
  })

  /**
   * What is alive is measured every 20,000 lines, after collecting garbage: 2 MB more than before, of which buffers are the most.
   * The body has 11 MB and its answers 24 MB, so whoever gathers either before going on exceeds the bound of 8 MB.
   */
  it('of 200,000 lines is answered in order, in memory that does not grow with it', async () => {
    const count = 200_000
    const before = await settledBytes()
    const { asking, answers } = stream()
    const sending = (async () => {
      for (let first = 1; first <= count; first += 500) {
        const chunk = Array.from({ length: 500 }, (_, index) => `{"number":"(0413) ${String(100_000 + first + index)}","id":"contact-${String(first + index)}"}\n`).join('')
        if (!asking.write(chunk)) await once(asking, 'drain')
      }
      asking.end()
    })()
    const alive: number[] = []
    let expected = 0
    for await (const answer of answers) {
      expected += 1
      const { line, id, number } = JSON.parse(answer) as NormalizedNumber
      if (line !== expected || id !== `contact-${String(line)}` || number !== `+31413${String(100_000 + line)}`) throw new Error(`line ${String(expected)}: ${answer}`)
      if (line % 20_000 === 0) alive.push(aliveBytes() - before)
    }
    await sending
    expect(expected).toBe(count)
    expect(alive).toHaveLength(10)
    expect(Math.max(...alive)).toBeLessThan(8_000_000)
  }, 60_000)

  it('is read only as fast as the client takes its answers', async () => {
    const { asking, response } = stream()
    const [chunk, chunks] = [`"${'0413741741'.padStart(1000)}"\n`.repeat(100), 400]
    let sent = 0
    const sending = (async () => {
      for (; sent < chunks; sent += 1) if (!asking.write(chunk)) await once(asking, 'drain')
      asking.end()
    })()
    const answer = await response
    const stopped = await untilItStays(() => sent)
    expect(stopped).toBeLessThan(chunks / 2)
    let answered = 0
    for await (const _ of createInterface(answer)) answered += 1
    await sending
    expect(answered).toBe(chunks * 100)
  }, 60_000)
})

setFlagsFromString('--expose-gc')
// Takes the flag's word for it that the function is there.
const collectGarbage = runInNewContext('gc') as () => void

/** Of the whole process, so of the server and of the client in it. */
function aliveBytes(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The same once everything of the tests before has been freed, which takes several rounds. */
async function settledBytes(): Promise<number> {
  let bytes = aliveBytes()
  for (let round = 0; round < 10; round += 1) {
    await new Promise(setImmediate)
    bytes = Math.min(bytes, aliveBytes())
  }
  return bytes
}

/** A request whose body is sent bit by bit, and the lines of its answer as they come. */
function stream(): { asking: ClientRequest; response: Promise<IncomingMessage>; answers: AsyncGenerator<string> } {
  const asking = send(`${test.url}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-ndjson' } })
  const response = new Promise<IncomingMessage>((resolve, reject) => { asking.once('response', resolve).once('error', reject) })
  response.catch(() => undefined)
  asking.flushHeaders()
  async function* answers() {
    yield* createInterface(await response)
  }
  return { asking, response, answers: answers() }
}

async function text(response: IncomingMessage): Promise<string> {
  let all = ''
  for await (const chunk of response.setEncoding('utf8')) all += String(chunk)
  return all
}

/** The value once it has not changed for many turns of the event loop. */
async function untilItStays(read: () => number): Promise<number> {
  let [value, turns] = [read(), 0]
  for (; turns < 20_000; turns += 1) {
    await new Promise(setImmediate)
    if (read() !== value) [value, turns] = [read(), 0]
  }
  return value
}
