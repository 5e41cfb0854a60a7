import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { callLogInput, contactPage, externalId, type Contact, type ContactPage } from '@linefinder/core'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let at: SignedIn

beforeAll(async () => { at = await signInToNewAcme(3) })
afterAll(() => at.stop())
afterEach(async () => { await at.control.put('switches', {}) })

/** As a server takes it: by the schema, and never twice the same cursor. */
async function listAll(since: string | null): Promise<{ contacts: Contact[]; deleted: string[]; pages: number }> {
  const pages: ContactPage[] = []
  let cursor: string | null = null
  do {
    const page: ContactPage = contactPage.parse(await acme.listContacts!(at.ctx, since, cursor))
    pages.push(page)
    cursor = page.nextCursor
  } while (cursor !== null)
  return { contacts: pages.flatMap(({ contacts }) => contacts), deleted: pages.flatMap(({ deleted = [] }) => deleted), pages: pages.length }
}

const create = async (body: object): Promise<{ id: string; updated_at: string }> => (await at.api.post('/people', body)).data

it('declares how long a new contact may be missing: as long as Acme promises at most', () => {
  expect(acme.contactLagMs).toBe(60_000)
})

describe('all contacts', () => {
  it('come by 500 a page, each once', async () => {
    await at.control.put('people', Array.from({ length: 1100 }, (_, index) => ({ id: `p_all${index}`, phones: [{ number: `0900 ${index}` }] })))
    const { contacts, deleted, pages } = await listAll(null)
    expect(pages).toBe(3)
    expect(contacts).toHaveLength(1103)
    expect(new Set(contacts.map(({ id }) => id)).size).toBe(1103)
    expect(deleted).toEqual([])
    expect(contacts.slice(0, 1)).toMatchObject([{
      id: 'p_1001', type: 'person', name: 'Jan de Vries', companyName: 'De Vries Bouw BV',
      phones: [{ label: 'work', number: '(0413) 741-741' }, { label: 'mobile', number: '06-12 34 56 78' }],
    }])
  })

  it('are people, since a call cannot be logged on a company', async () => {
    await at.api.post('/companies', { name: 'Zeppelin Werf', phones: [{ number: '0800 2222' }] })
    expect((await listAll(null)).contacts.every(({ type }) => type === 'person')).toBe(true)
  })

  it('pass the contract’s schema whatever the label', async () => {
    const { id } = await create({ name: 'Long', phones: [{ label: 'x'.repeat(200), number: '0800 3' }] })
    expect((await listAll(null)).contacts.find(each => each.id === id)?.phones).toEqual([{ label: 'x'.repeat(100), number: '0800 3' }])
  })
})

describe('what changed since', () => {
  it('names who changed and who was deleted, and nobody else', async () => {
    const { id: changed } = await create({ name: 'Changes' })
    const { id: added, updated_at: since } = await create({ name: 'Stays' })
    const { id: gone } = await create({ name: 'Goes' })
    await at.api.delete(`/people/${gone}`)
    await at.api.patch(`/people/${changed}`, { title: 'Owner' })
    const { contacts, deleted } = await listAll(since)
    expect(contacts.map(({ id }) => id)).toEqual([added, changed])
    expect(deleted).toEqual([gone])
  })

  it('pages on behind the first 500', async () => {
    const { updated_at: since } = await create({ name: 'Before' })
    await at.control.put('people', Array.from({ length: 501 }, (_, index) => ({ id: `p_since${index}`, name: 'After' })))
    await at.api.delete('/people/p_since7')
    const { contacts, deleted, pages } = await listAll(since)
    expect(pages).toBe(2)
    expect(contacts.filter(({ name }) => name === 'After')).toHaveLength(500)
    expect(deleted).toContain('p_since7')
  })

  it('takes a time with an offset', async () => {
    expect(await listAll('2999-01-01T00:00:00+05:30')).toEqual({ contacts: [], deleted: [], pages: 1 })
  })

  it('shows who was hidden by a lagging index once it is asked for from early enough', async () => {
    await at.control.put('switches', { index_lag_ms: acme.contactLagMs })
    const { id, updated_at: since } = await create({ name: 'Hidden' })
    expect((await listAll(since)).contacts.map(contact => contact.id)).not.toContain(id)
    await at.control.put('switches', {})
    expect((await listAll(since)).contacts.map(contact => contact.id)).toContain(id)
  })
})

describe('pages that are wrong', () => {
  it('fail when an item is no person', async () => {
    await at.control.put('switches', { mode: 'malformed_page' })
    await expect(acme.listContacts!(at.ctx, null, null)).rejects.toThrow(/items/)
  })

  it('pass a repeated cursor on, so that the server can stop', async () => {
    await at.control.put('people', Array.from({ length: 501 }, (_, index) => ({ id: `p_loop${index}`, name: 'Loop' })))
    await at.control.put('switches', { mode: 'repeat_cursor' })
    const first = await acme.listContacts!(at.ctx, null, null)
    expect(first.nextCursor).not.toBeNull()
    expect((await acme.listContacts!(at.ctx, null, first.nextCursor)).nextCursor).toBe(first.nextCursor)
  })
})

it('a call is logged on whoever was listed', async () => {
  const { contacts } = await listAll(null)
  const ref = await acme.createCallLog(at.ctx, {
    ...callLogInput.parse({
      direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00',
      contactId: contacts[0]!.id,
    }),
    externalId: externalId.parse('lf-1'),
  })
  expect((await at.api.get(`/activities/${ref.id}`)).data).toMatchObject({ person_id: contacts[0]!.id })
})
