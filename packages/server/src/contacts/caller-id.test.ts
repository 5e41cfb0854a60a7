import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact } from '@linefinder/core'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { forgetHealth } from '../testing/forget-health.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let [shared, key, session] = ['', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  const installation = await test.install('fake-apikey', { settings: { country: 'NL', ownNumbers: ['0413 741700'] } })
  shared = await connectShared(test, installation, { user: 'robot' })
  session = await connectAgent(test, installation)
  key = await test.addKey(['lookup'])
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(async () => {
  await forgetHealth(test)
  crm.fault = 'none'
  crm.contacts.length = 0
})

/** Answers are remembered, misses too, so each test has numbers of its own. */
const addContact = (id: string, number: string, name: string, more: object = {}) => crm.contacts.push(contact.parse({ id, name, phones: [{ number }], ...more }))
const ask = (query: string) => request(test.url).get(`/v1/caller-id?${query}`)
/** As a PBX that cannot set headers. */
const askAsPbx = (query: string) => ask(query).auth(shared, key, { type: 'basic' })

it('is protected', async () => {
  const response = await ask('number=0413741701').expect(401)
  expect(response.text).toBe('')
  expect(response.headers['linefinder-problem']).toBe('unauthenticated')
})

describe('the name', () => {
  it('is plain text that displays can show', async () => {
    addContact('1', '(0413) 741-702', 'Jérôme "JJ" Müller;\r\n')
    const response = await askAsPbx('number=%2B31413741702').expect(200)
    expect(response.text).toBe('Jerome JJ Muller')
    expect(response.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  })

  it.each(['31413741703', '+31413741703', '0413741703', '0031413741703'])('is found however the PBX gives the number: %s', async number => {
    addContact('1', '0413 741703', 'Ann')
    expect((await askAsPbx(`number=${number}`).expect(200)).text).toBe('Ann')
  })

  it('is found for a session and for a key with the header as well', async () => {
    addContact('1', '0413 741704', 'Ann')
    expect((await ask('number=0413741704').auth(session, { type: 'bearer' }).expect(200)).text).toBe('Ann')
    expect((await ask('number=0413741704').auth(key, { type: 'bearer' }).set('Linefinder-Connection', shared).expect(200)).text).toBe('Ann')
  })

  it('is the best match’s where several share the number', async () => {
    addContact('older', '0413 741705', 'Older', { lastActivityAt: '2026-01-01T00:00:00Z' })
    addContact('latest', '0413 741705', 'Latest', { lastActivityAt: '2026-03-01T00:00:00Z' })
    expect((await askAsPbx('number=0413741705').expect(200)).text).toBe('Latest')
  })

  it('is found by the country that is asked with', async () => {
    addContact('1', '+32 2 123 45 67', 'Bart')
    expect((await askAsPbx('number=021234567&country=BE').expect(200)).text).toBe('Bart')
  })
})

describe('the answer is empty, and no failure, when', () => {
  it('nobody has the number', async () => {
    expect((await askAsPbx('number=0413741706').expect(200)).text).toBe('')
  })

  it('the CRM does not answer in time', async () => {
    crm.fault = 'hang'
    expect((await askAsPbx('number=0413741707&deadline_ms=0').expect(200)).text).toBe('')
  })

  it.each(['', 'anonymous', 'sip:anonymous@anonymous.invalid', '%2B266696687', '0413741700', 'sip:jan7@example.com', '0413741708 / 0413741709'])('there is nobody to ask for: "%s"', async number => {
    addContact('1', decodeURIComponent(number) || '-', 'Not to be shown')
    expect((await askAsPbx(`number=${number}`).expect(200)).text).toBe('')
  })

  it('nothing of the name can be shown', async () => {
    addContact('1', '0413 741710', '"";')
    expect((await askAsPbx('number=0413741710').expect(200)).text).toBe('')
  })
})

describe('a CRM that fails', () => {
  it.each([['error', 502, 'crm_server_error', '0413741711'], ['garbage', 502, 'crm_bad_response', '0413741712'], ['reset', 503, 'crm_connection_lost', '0413741713'], ['rate_limited', 503, 'crm_rate_limited', '0413741714']] as const)(
    'by %s: %i, %s in the header, and no body that a phone would show', async (fault, status, code, number) => {
      crm.fault = fault
      const response = await askAsPbx(`number=${number}`).expect(status)
      expect(response.text).toBe('')
      expect(response.headers['linefinder-problem']).toBe(code)
    })
})

it('refuses a country that is none', async () => {
  const response = await askAsPbx('number=0413741715&country=ZZ').expect(422)
  expect(response.text).toBe('')
  expect(response.headers['linefinder-problem']).toBe('invalid_fields')
})
