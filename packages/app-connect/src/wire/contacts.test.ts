import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startMs, startTestWire, type TestWire } from '../testing/start-wire.js'
import type { WireClient } from '../testing/wire-client.js'

let test: TestWire
let ann: WireClient
beforeAll(async () => {
  test = await startTestWire({ otherSurfaces: [{ path: '/impatient', lookupDeadlineMs: 400 }] })
  ann = await test.connectToAcme()
}, startMs)
afterAll(() => test.stop())

const find = (number: string, more = '', client = ann) => client.get(`/contact?jwtToken={jwt}&phoneNumber=${number}&overridingFormat=&isExtension=false${more}`)
const people = (answer: { body: { contact: { id: string; isNewContact: boolean }[] } }) => answer.body.contact.filter(({ isNewContact }) => !isNewContact).map(({ id }) => id)

describe('a number', () => {
  it('is found as the client sends it, with a plus that is not encoded, and as others do', async () => {
    for (const number of ['+31413741741', '%2B31413741741', '%2031413741741', '0413741741']) expect(people(await find(number))).toEqual(['p_1001'])
  })

  it('that nobody has leaves the entry for making a contact, so that the client’s list is never empty', async () => {
    const { status, body } = await find('+31209999999')
    expect({ status, body }).toEqual({ status: 200, body: { successful: true, contact: [expect.objectContaining({ id: 'createNewContact', isNewContact: true, additionalInfo: expect.anything() })] } })
  })

  it('has all members that the client reads unasked', async () => {
    for (const contact of (await find('+31413741741')).body.contact) {
      for (const member of ['id', 'name', 'type', 'phone', 'additionalInfo']) expect(contact).toHaveProperty(member)
    }
    const legacy = await test.connectToLegacy()
    const { body } = await find('+31413741741', '', legacy)
    expect(body.contact.at(-1)).toHaveProperty('additionalInfo', null)
  })

  it('is asked of the CRM anew when the client wants it', async () => {
    const count = async () => Object.values((await test.control('GET', 'stats') as { requests: Record<string, number> }).requests).reduce((sum, each) => sum + each, 0)
    await find('+31413741741')
    const before = await count()
    await find('+31413741741')
    expect(await count()).toBe(before)
    await find('+31413741741', '&isForceRefreshAccountData=true')
    expect(await count()).toBeGreaterThan(before)
  })

  it('is not taken for nobody’s while the CRM is slow or out of service', async () => {
    const impatient = test.client('/impatient')
    impatient.jwt = ann.jwt
    await test.control('PUT', 'switches', { latency_ms: 1500 })
    expect((await find('+31201110001', '', impatient)).body).toMatchObject({ successful: false, contact: null, returnMessage: { messageType: 'warning' } })
    await test.control('PUT', 'switches', { mode: 'rate_limited', retry_after_seconds: 1 })
    expect((await find('+31201110002')).body).toMatchObject({ successful: false, contact: null, returnMessage: { messageType: 'warning', message: expect.any(String) } })
    await test.control('PUT', 'switches', {})
    await test.server.services.database.query({ text: 'UPDATE connections SET paused_until = NULL, failures = 0' }, [])
  })

  it('that is none is answered so', async () => {
    expect((await find('hello')).body).toMatchObject({ successful: false, contact: null, returnMessage: { messageType: 'warning' } })
    expect((await find('')).status).toBe(400)
  })
})

describe('a new contact', () => {
  it('is made and found at once', async () => {
    const { body } = await ann.post('/contact?jwtToken={jwt}', { phoneNumber: '+31201234999', newContactName: 'Nina Nieuw', newContactType: 'contact', additionalSubmission: {} })
    expect(body).toMatchObject({ successful: true, contact: { id: expect.any(String), name: 'Nina Nieuw', additionalInfo: expect.anything() }, returnMessage: { messageType: 'success' } })
    expect(people(await find('+31201234999'))).toEqual([body.contact.id])
  })

  it('that could not be made still has a contact in the answer, without an id', async () => {
    await test.control('PUT', 'switches', { mode: 'down' })
    const { status, body } = await ann.post('/contact?jwtToken={jwt}', { phoneNumber: '+31201234998', newContactName: 'Nobody' })
    await test.control('PUT', 'switches', {})
    await test.server.services.database.query({ text: 'UPDATE connections SET paused_until = NULL, failures = 0' }, [])
    expect({ status, body }).toMatchObject({ status: 200, body: { successful: false, contact: { id: null, additionalInfo: null }, returnMessage: { message: expect.any(String) } } })
    expect((await ann.post('/contact?jwtToken={jwt}', { phoneNumber: '+31201234998' })).status).toBe(400)
  })
})

describe('a name', () => {
  it('is searched for as the client writes it, unencoded', async () => {
    const created = await ann.post('/contact?jwtToken={jwt}', { phoneNumber: '+31201234997', newContactName: 'Ann & Bob' })
    expect(created.body.successful).toBe(true)
    const search = async (name: string) => (await ann.get(`/custom/contact/search?jwtToken={jwt}&name=${name}`)).body
    expect((await search('Jan de Vries')).contact.map(({ name }: { name: string }) => name)).toContain('Jan de Vries')
    expect((await search('Ann & Bob')).contact.map(({ name }: { name: string }) => name)).toEqual(['Ann & Bob'])
    expect(await search('Nobody Of That Name')).toMatchObject({ successful: true, contact: [], returnMessage: { message: expect.any(String) } })
    expect(await search('')).toMatchObject({ contact: [], returnMessage: { message: expect.any(String) } })
  })

  it('is a list also when the CRM fails', async () => {
    await test.control('PUT', 'switches', { mode: 'down' })
    expect((await ann.get('/custom/contact/search?jwtToken={jwt}&name=Jan')).body).toMatchObject({ successful: false, contact: [], returnMessage: { message: expect.any(String) } })
    await test.control('PUT', 'switches', {})
  })
})
