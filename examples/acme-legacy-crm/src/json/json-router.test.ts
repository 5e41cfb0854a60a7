import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcmeLegacy, type AcmeLegacy } from '../index.js'
import { toInternational, toKept } from './phone-text.js'

let crm: AcmeLegacy
beforeAll(async () => { crm = await startAcmeLegacy({ seedCustomers: 60 }) })
afterAll(() => crm.stop())

async function ask(path: string, body?: object, key = 'legacy-key-ann') {
  const response = await fetch(`${crm.url}/json${path}`, {
    headers: { 'X-Acme-Key': key, 'Content-Type': 'application/json' }, ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() as Record<string, unknown> & { customers: { id: number; phones: string[] }[]; entries: { no: number }[] } }
}

const entry = { kind: 'CALL', at: '2026-11-24T14:04:00Z', subject: 'Roof', note: 'A quote', reference: 'lf-1' }

it.each([['/me', undefined], ['/customers', undefined], ['/customers', { name: 'X' }], ['/customers/1/entries', entry], ['/entries?reference=x', undefined]])('%s is refused without a key', async (path, body) => {
  expect((await ask(path, body, 'wrong')).status).toBe(401)
})

it.each([['/customers', { name: 'X' }], ['/customers/1/entries', entry]])('%s is refused to whoever may only read', async (path, body) => {
  expect((await ask(path, body, 'legacy-key-reception')).status).toBe(403)
})

describe('customers', () => {
  it('are found by the number as the world writes it', async () => {
    const { body } = await ask(`/customers?phone=${encodeURIComponent('+31413741741')}`)
    expect(body.customers).toMatchObject([{ id: 1, name: 'Jan de Vries', phones: ['+31413741741', '+31612345678'], closed: null }])
  })

  it('come 50 a page', async () => {
    const pages = await Promise.all([1, 2, 3].map(page => ask(`/customers?page=${String(page)}`)))
    expect(pages.map(({ body }) => body.customers.length)).toEqual([50, 10, 0])
  })

  it.each([['/customers', { name: ' ' }, 422], ['/customers', { name: 'X', phone: '204' }, 422], ['/customers/9999/entries', entry, 404], ['/customers/1/entries', { ...entry, at: 'noon' }, 422], ['/nothing', undefined, 404]])(
    '%s with %j is %i', async (path, body, status) => {
      expect((await ask(path, body)).status).toBe(status)
    })
})

describe('entries', () => {
  it('are written once, and found by their reference', async () => {
    const [first, again] = [await ask('/customers/1/entries', entry), await ask('/customers/1/entries', entry)]
    expect([first.status, again.body]).toEqual([201, first.body])
    const other = await ask('/customers/1/entries', { ...entry, note: 'Another' })
    expect((await ask('/entries?reference=lf-1')).body.entries.map(({ no }) => no)).toEqual([first.body['no'], other.body['no']])
    expect((await ask('/entries?reference=lf-')).body.entries).toEqual([])
  })
})

it.each([['+31413741741', '0413/741741'], ['+31201234567', '020/1234567'], ['+31612345678', '06/12345678'], ['+442079460018', null], ['204', null]])('%s is kept as %s', (phone, kept) => {
  expect(toKept(phone)).toBe(kept)
  if (kept !== null) expect(toInternational(kept)).toBe(phone)
})
