import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { ContactBook, type BookContact } from './contact-book.js'
import { CrmRecords } from './crm-records.js'
import { startCrmServer, type CrmServer } from './crm-server.js'

const book = new ContactBook(1)
const headers = { 'X-Api-Key': 'bench-key-ann' }
let crm: CrmServer

beforeAll(async () => { crm = await startCrmServer(new CrmRecords(book, 25)) })
afterAll(() => crm.stop())

let before = ''
beforeEach(() => { before = new Date().toISOString() })

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: never }> {
  const response = await fetch(`http://${crm.host}${path}`, { headers, ...init })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as never }
}
const write = (method: string, path: string, body?: object) => ask(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) })

async function listAll(query: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = []
  let cursor: string | null = ''
  let pages = 0
  while (cursor !== null) {
    const { body }: { body: { items: BookContact[]; next_cursor: string | null } } = await ask(`/contacts?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    ids.push(...body.items.map(({ id }) => id))
    cursor = body.next_cursor
    pages++
  }
  return { ids, pages }
}

it('refuses whoever has no key', async () => {
  expect((await ask('/contacts', { headers: {} })).status).toBe(401)
})

it('names the user of a key', async () => {
  expect((await ask('/me')).body).toEqual({ id: 'ann', account: 'bench' })
})

it('lists every contact once, in pages', async () => {
  const { ids, pages } = await listAll('limit=10')
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThanOrEqual(24)
  expect(pages).toBe(3)
})

it('finds a contact by the digits that are written, and by no others', async () => {
  const contact = book.contactAt(9)
  const digits = contact.phones[0]?.number.replace(/\D/g, '') ?? ''
  expect((await ask(`/contacts?phone=${digits}`)).body).toMatchObject({ items: [{ id: contact.id }] })
  expect((await ask(`/contacts?phone=9${digits}`)).body).toMatchObject({ items: [] })
  expect((await ask('/contacts?phone=000')).body).toMatchObject({ items: [] })
})

it('lists what was created and changed since, and finds it by its new number', async () => {
  const created = await write('POST', '/contacts', { name: 'Zoe', phones: [{ number: '020 7946 0018', label: 'work' }] })
  expect(created).toMatchObject({ status: 201, body: { name: 'Zoe' } })
  await write('PATCH', '/contacts/c3', { phones: [{ number: '020 7946 0019', label: 'work' }] })
  const { ids } = await listAll(`since=${before}`)
  expect(ids).toEqual([(created.body as BookContact).id, 'c3'])
  expect((await listAll('limit=10')).ids).toContain((created.body as BookContact).id)
  expect((await ask('/contacts?phone=2079460019')).body).toMatchObject({ items: [{ id: 'c3', name: book.contactAt(3).name }] })
  expect((await ask(`/contacts?phone=${book.contactAt(3).phones[0]?.number.replace(/\D/g, '') ?? ''}`)).body).toMatchObject({ items: [] })
})

it('names what was deleted since, and lists it no more', async () => {
  expect((await write('DELETE', '/contacts/c5')).status).toBe(204)
  expect((await write('DELETE', '/contacts/c5')).status).toBe(404)
  expect((await ask(`/contacts?since=${before}`)).body).toMatchObject({ items: [], deleted: ['c5'], next_cursor: null })
  expect((await listAll('limit=10')).ids).not.toContain('c5')
})

it('refuses to write what is no contact', async () => {
  expect((await write('POST', '/contacts', { phones: 'none' })).status).toBe(422)
  expect((await write('PATCH', '/contacts/c25', { name: 'Nobody' })).status).toBe(404)
})

it('counts searches, and takes as long for one as it is told', async () => {
  await write('PUT', '/_manners', { searchMs: 50 })
  const { body: first } = await ask('/_stats')
  const from = performance.now()
  await ask('/contacts?phone=2079460018')
  expect(performance.now() - from).toBeGreaterThanOrEqual(49)
  expect((await ask('/_stats')).body).toEqual({ ...first as object, searches: (first as { searches: number }).searches + 1 })
  expect((await write('PUT', '/_manners', {})).status).toBe(204)
})

it('logs an activity as slowly as it is told, and cuts off whoever would while it is down', async () => {
  await write('PUT', '/_manners', { activityMs: 50 })
  const from = performance.now()
  expect((await write('POST', '/activities', {})).status).toBe(201)
  expect(performance.now() - from).toBeGreaterThanOrEqual(49)
  await write('PUT', '/_manners', { isDown: true })
  await expect(write('POST', '/activities', {})).rejects.toThrow()
  await write('PUT', '/_manners', {})
  expect((await write('PATCH', '/activities/a1', {})).status).toBe(204)
})
