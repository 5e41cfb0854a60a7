import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { contact } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

let crm: FakeCrm
let test: TestServer
let token = ''
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  token = await connectAgent(test, await test.install('fake-apikey', { settings: { country: 'NL', ownNumbers: ['020 7654321'] } }))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
afterEach(() => {
  crm.fault = 'none'
  crm.contacts.length = 0
})

const add = (id: string, ...numbers: string[]) => crm.contacts.push(contact.parse({ id, name: `Secret ${id}`, phones: numbers.map(number => ({ number })) }))
const explain = (query: string, as = token) => request(test.url).get(`/v1/contacts/explain?${query}`).auth(as, { type: 'bearer' })

it('is protected', async () => {
  await request(test.url).get('/v1/contacts/explain?phone=0413741741').expect(401)
  await explain('phone=0413741741', await test.addKey(['log'])).expect(403)
})

it('refuses what is no number', async () => {
  await explain('phone=nobody').expect(422)
  await explain('phone=0413741741&country=Netherlands').expect(422)
})

describe('the explanation of a lookup', () => {
  it('tells the spellings that were tried, and why each contact is in the answer or not, without names', async () => {
    add('right', '0413741741')
    add('foreign', '+49413741741', '0413741741 x9')
    const { body } = await explain('phone=%2B31413741741').expect(200)
    expect(body).toMatchObject({
      number: '+31413741741', isValid: true, reason: null, directory: null, answeredBy: 'crm', created: [],
      crm: { search: 'digits', error: null, variants: expect.arrayContaining(['31413741741', '0413741741']), milliseconds: expect.any(Number) },
    })
    expect(body.crm.contacts).toEqual([{ id: 'right', match: 'e164', matchedNumber: '0413741741', isAnswered: true }])
    expect(body.summary).toBe('The CRM has one contact with this number.')
    expect(JSON.stringify(body)).not.toContain('Secret')
  })

  it('tells who share it', async () => {
    add('shared', '0413741741', '+32413741741')
    add('shared-too', '0413741741')
    const { body } = await explain('phone=0413741741').expect(200)
    expect(body).toMatchObject({ isAmbiguous: true, summary: expect.stringMatching(/^The CRM has 2 contacts with this number, and nothing tells/) })
    expect(body.crm.contacts.map(({ isAnswered }: { isAnswered: boolean }) => isAnswered)).toEqual([true, true])
  })

  it('shows what was made through us while the CRM’s own search does not', async () => {
    const { body: made } = await request(test.url).post('/v1/contacts').auth(token, { type: 'bearer' }).send({ name: 'New', phone: '0413 555 555' }).expect(201)
    crm.unindexed.add(made.id)
    const { body } = await explain('phone=%2B31413555555').expect(200)
    expect(body).toMatchObject({ crm: { contacts: [] }, created: [{ id: made.id, match: 'e164', isAnswered: true }], summary: 'The CRM has one contact with this number.' })
  })

  it('says why nobody is asked, and that the CRM fails', async () => {
    expect((await explain('phone=020-7654321').expect(200)).body).toMatchObject({ reason: 'own_number', crm: null, answeredBy: null })
    expect((await explain('phone=anonymous').expect(200)).body).toMatchObject({ reason: 'withheld', crm: null })
    crm.fault = 'error'
    expect((await explain('phone=%2B31413741741').expect(200)).body).toMatchObject({ crm: { error: 'crm_server_error' }, summary: 'The CRM could not be asked.' })
  })
})
