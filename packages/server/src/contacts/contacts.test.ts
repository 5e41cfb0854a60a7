import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact, type PhoneQuery } from '@linefinder/core'
import { connectAgent, connectShared } from '../testing/connect.js'
import { forgetLookups } from '../testing/forget-lookups.js'
import { forgetHealth } from '../testing/forget-health.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** What `findContact` of the adapter `fake-fuzzy` was asked; it answers with everyone. */
const asked: PhoneQuery[] = []

let crm: FakeCrm
let test: TestServer
let [token, fuzzy, installation] = ['', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const everyone = fakeAdapter('apiKey', {
    id: 'fake-fuzzy',
    async findContact(_ctx, query) {
      asked.push(query)
      return [...crm.contacts, ...crm.contacts]
    },
  })
  const { searchContacts: _search, contactUrl: _url, ...bare } = fakeAdapter('apiKey', { id: 'fake-bare' })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), everyone, bare] })
  installation = await test.install('fake-apikey')
  token = await connectAgent(test, installation)
  fuzzy = await connectAgent(test, await test.install('fake-fuzzy'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(async () => {
  await forgetHealth(test)
  await forgetLookups(test)
  crm.fault = 'none'
  crm.contacts.length = 0
  asked.length = 0
})

const addContact = (id: string, number: string, more: object = {}) =>
  crm.contacts.push(contact.parse({ id, name: `Contact ${id}`, phones: [{ number }], ...more }))
const find = (query: string, as = token) => request(test.url).get(`/v1/contacts?${query}`).auth(as, { type: 'bearer' })
const create = (body: object, as = token) => request(test.url).post('/v1/contacts').auth(as, { type: 'bearer' }).send(body)
const idsOf = ({ contacts }: { contacts: { id: string }[] }) => contacts.map(({ id }) => id)
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer)

describe('protection', () => {
  it.each(['get', 'post'] as const)('%s /v1/contacts wants a session', async method => {
    const response = await request(test.url)[method]('/v1/contacts').expect(401)
    expect(response.body.code).toBe('unauthenticated')
    expect(response.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  it('lets a key look up over a shared connection, but not create', async () => {
    const shared = await connectShared(test, installation, { user: 'robot' })
    const key = await test.addKey(['lookup'])
    addContact('1', '+31413741741')
    expect(idsOf((await find('phone=0413741741', key).set('Linefinder-Connection', shared).expect(200)).body)).toEqual(['1'])
    await create({ name: 'New', phone: '0413741741' }, key).set('Linefinder-Connection', shared).expect(401)
    await find('phone=0413741741', await test.addKey(['log'])).set('Linefinder-Connection', shared).expect(403)
  })
})

describe('bad input', () => {
  it.each([
    ['', '/phone'], ['phone=1&name=x', '/phone'], ['phone=', '/phone'], ['phone=nobody', '/phone'], ['phone=%2B31413741741999999999', '/phone'], ['phone=%2B31', '/phone'],
    ['phone=0413741741&country=Netherlands', '/country'], ['phone=020%201234567%20%2F%200413%20741741', '/phone'], ['phone=1&extension=x', '/extension'], ['phone=1&deadline_ms=soon', '/deadline_ms'],
    ['phone=123&country=nl', '/country'], ['phone=0413741741&country=XX', '/country'], ['name=', '/name'], [`phone=${'1'.repeat(101)}`, '/phone'], ['phone=1&fone=2', '/fone'],
  ])('GET ?%s: 422 at %s', async (query, pointer) => {
    const { body } = await find(query).expect(422)
    expect(body.code).toBe('invalid_fields')
    expect(pointers(body)).toContain(pointer)
  })

  it('POST names every wrong field', async () => {
    expect(pointers((await create({ phone: '', email: 'nobody', nmae: 'x' }).expect(422)).body).sort()).toEqual(['/email', '/name', '/nmae', '/phone'])
  })
})

describe('by phone', () => {
  it.each(['%2B31413741741', '+31413741741', '%2031413741741', '0413741741', '(0413)%20741-741', '0031%20413%20741741', '%2B31%20(0)413%20741741'])(
    'finds (0413) 741-741 asked as %s', async text => {
      addContact('1', '(0413) 741-741')
      addContact('2', '(0413) 741-742')
      const { body } = await find(`phone=${text}`).expect(200)
      expect(body).toEqual({
        status: 'complete', source: 'crm', ageSeconds: 0, isAmbiguous: false, number: '+31413741741',
        contacts: [{
          id: '1', name: 'Contact 1', phones: [{ number: '(0413) 741-741' }], url: `http://${crm.host}/people/1`,
          matchedNumber: '(0413) 741-741', match: 'e164',
        }],
      })
    })

  it('returns [] for a number nobody has', async () => {
    addContact('1', '(0413) 741-741')
    expect((await find('phone=%2B31413741742').expect(200)).body).toEqual({ status: 'complete', contacts: [], number: '+31413741742', source: 'crm', ageSeconds: 0, isAmbiguous: false })
  })

  it('drops what a fuzzy search returns, and what it returns twice', async () => {
    addContact('near', '0413 741742')
    addContact('abroad', '+32 413741741')
    addContact('none', 'ask reception')
    addContact('hit', '0413 74 17 41')
    expect(idsOf((await find('phone=%2B31413741741', fuzzy).expect(200)).body)).toEqual(['hit'])
    expect(asked[0]).toMatchObject({ e164: '+31413741741', raw: '+31413741741', extension: null })
    expect(asked[0]?.variants).toContain('31413741741')
  })

  it('ranks by the latest activity, then the newest record, whatever the offset of the times', async () => {
    addContact('unknown', '+31413741741', { name: 'A' })
    addContact('created', '+31413741741', { createdAt: '2026-01-01T00:00:00Z' })
    addContact('older', '+31413741741', { lastActivityAt: '2026-03-01T12:00:00+02:00' })
    addContact('latest', '0413741741', { lastActivityAt: '2026-03-01T11:00:00Z' })
    addContact('full', '+31413741741', { name: 'B' })
    expect(idsOf((await find('phone=%2B31413741741', fuzzy).expect(200)).body)).toEqual(['latest', 'older', 'created', 'unknown', 'full'])
  })

  it('reads the number by ?country=, and stored ones by the installation’s', async () => {
    addContact('nl', '0413 741741')
    addContact('be', '+32 2 123 45 67')
    expect((await find('phone=02%20123%2045%2067&country=BE', fuzzy).expect(200)).body).toMatchObject({ contacts: [{ id: 'be' }], number: '+3221234567' })
  })

  it('tells two extensions of one number apart', async () => {
    addContact('one', '+31413741741 ext. 1')
    addContact('two', '+31413741741 ext. 2')
    addContact('main', '+31413741741')
    expect(idsOf((await find('phone=%2B31413741741%20ext.%202', fuzzy).expect(200)).body).sort()).toEqual(['main', 'two'])
  })

  it('compares digits when the number is no full one', async () => {
    addContact('inside', '2-05')
    addContact('other', '0413 741205')
    expect((await find('phone=205', fuzzy).expect(200)).body).toMatchObject({ contacts: [{ id: 'inside', matchedNumber: '2-05' }], number: null })
  })
})

describe('by name', () => {
  it('finds who has it in the name', async () => {
    addContact('1', '0413741741', { name: 'Van Dijk' })
    addContact('2', '0413741742', { name: 'Jansen' })
    expect((await find('name=dijk').expect(200)).body).toMatchObject({ contacts: [{ id: '1', url: `http://${crm.host}/people/1` }], number: null })
  })

  it('says so where the adapter cannot', async () => {
    const bare = await connectAgent(test, await test.install('fake-bare'))
    expect((await find('name=x', bare).expect(422)).body.code).toBe('crm_unsupported')
  })
})

describe('creating', () => {
  it('gives the CRM the number in E.164 and answers 201 with the page', async () => {
    const { body } = await create({ name: ' Van Dijk ', phone: '(0413) 741-741' }).expect(201)
    expect(body).toEqual({ id: 'c1', name: 'Van Dijk', phones: [{ number: '+31413741741' }], url: `http://${crm.host}/people/c1` })
  })

  it('passes on what is no certain number, and one with an extension, as they are', async () => {
    expect((await create({ name: 'Inside', phone: '205' }).expect(201)).body.phones).toEqual([{ number: '205' }])
    expect((await create({ name: 'Desk', phone: '0413 741741 ext. 5' }).expect(201)).body.phones).toEqual([{ number: '0413 741741 ext. 5' }])
  })
})

describe('a CRM that fails', () => {
  it.each([['error', 502, 'crm_server_error'], ['garbage', 502, 'crm_bad_response'], ['reset', 503, 'crm_connection_lost'], ['rate_limited', 503, 'crm_rate_limited']] as const)(
    'by %s: %i %s', async (fault, status, code) => {
      crm.fault = fault
      for (const answer of [find('phone=0413741741'), find('name=x'), create({ name: 'New', phone: '0413741741' })]) {
        expect((await answer.set('X-Request-Id', 'lookup-1').expect(status)).body).toMatchObject({ code, requestId: 'lookup-1' })
      }
    })

})
