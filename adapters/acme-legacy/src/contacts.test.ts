import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { capabilitiesOf, contactId, contactPage, type AdapterContext, type Contact, type PhoneQuery } from '@linefinder/core'
import { parsePhone, variants } from '@linefinder/core/phone'
import acmeLegacy from './index.js'
import { connectToNewCrm, type Connected } from './testing/connected.js'

let at: Connected
let ctx: AdapterContext
beforeAll(async () => {
  at = await connectToNewCrm()
  const user = await acmeLegacy.getUserInfo(at.context())
  ctx = at.context({ user })
})
afterAll(() => at.stop())
afterEach(() => at.control.put('/switches', {}))

const queryOf = (raw: string, country = 'NL'): PhoneQuery => {
  const parsed = parsePhone(raw, { country })
  return { e164: parsed.ok ? parsed.e164 : null, raw, extension: null, variants: variants(raw, 'e164', { country }) }
}

it('can do what the CRM can, and no more', () => {
  expect(capabilitiesOf(acmeLegacy)).toEqual(['searchContacts', 'listContacts', 'findCallLog', 'contactUrl'])
})

describe('connecting', () => {
  it('by a key names the user, the company and the CRM’s time zone', async () => {
    expect(await acmeLegacy.getUserInfo(at.context({ key: 'legacy-key-ben' }))).toEqual({
      id: '2', name: 'Ben Okafor', email: 'ben@legacy.test', timezone: 'Europe/Amsterdam', account: { id: '17', name: 'Acme Nederland' },
    })
  })

  it('by a wrong key is refused, although the CRM answers with the status 200', async () => {
    await expect(acmeLegacy.getUserInfo(at.context({ key: 'wrong' }))).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

describe('a caller', () => {
  it.each(['+31413741741', '0413 741 741', '+31612345678'])('is found by %s in the format of the CRM', async raw => {
    expect(await acmeLegacy.findContact(ctx, queryOf(raw))).toEqual([{
      id: '1', type: 'customer', name: 'Jan de Vries', companyName: 'De Vries Bouw BV',
      phones: [{ number: '0413/741741', label: 'main' }, { number: '06/12345678', label: 'other' }],
    }])
  })

  it('is found from abroad, with a name that is not English', async () => {
    expect(await acmeLegacy.findContact(ctx, queryOf('+4930123456'))).toMatchObject([{ name: 'Jürgen Großmann', companyName: 'Großmann & Söhne' }])
  })

  it.each(['+31413741742', '+31413999111', '205', 'anonymous', '\' OR 1=1 --'])('is nobody for %s', async raw => {
    expect(await acmeLegacy.findContact(ctx, queryOf(raw))).toEqual([])
  })
})

describe('a search by name', () => {
  it('reads and asks in ISO-8859-1', async () => {
    expect(await acmeLegacy.searchContacts!(ctx, 'großm', 5)).toMatchObject([{ id: '2' }])
    expect(await acmeLegacy.searchContacts!(ctx, 'Zoë', 5)).toMatchObject([{ name: 'Zoë Čapková' }])
  })

  it('gives no more than asked for, and nobody who is inactive', async () => {
    expect(await acmeLegacy.searchContacts!(ctx, '', 2)).toHaveLength(2)
    expect(await acmeLegacy.searchContacts!(ctx, 'Piet', 5)).toEqual([])
  })

  it.each(['日本', '🙂', 'x&phone=0413/741741'])('finds nobody by %s', async text => {
    expect(await acmeLegacy.searchContacts!(ctx, text, 5)).toEqual([])
  })
})

describe('a new contact', () => {
  it('is kept in the format of the CRM, and found at once', async () => {
    const created = await acmeLegacy.createContact(ctx, { name: 'Añna & <Söhne> 日本', phone: '+31201111111', companyName: 'Öl', email: 'anna@example.com' })
    expect(created).toMatchObject({ name: 'Añna & <Söhne> 日本', companyName: 'Öl', email: 'anna@example.com', phones: [{ number: '020/1111111' }] })
    expect(Math.abs(Date.parse(created.createdAt!) - Date.now())).toBeLessThan(120_000)
    expect(await acmeLegacy.findContact(ctx, queryOf('+31201111111'))).toMatchObject([{ id: created.id }])
  })

  it('with text that is no number is refused by its field', async () => {
    await expect(acmeLegacy.createContact(ctx, { name: 'X', phone: '205' })).rejects.toMatchObject({ code: 'rejected', detail: 'The CRM refuses the field phone.', crmStatus: 200 })
  })

  it('may not be made by a user who may only read', async () => {
    await expect(acmeLegacy.createContact(at.context({ key: 'legacy-key-reception' }), { name: 'X', phone: '+31201111112' })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('the list of contacts', () => {
  async function listAll(since: string | null): Promise<{ contacts: Contact[]; deleted: string[]; pages: number }> {
    const [contacts, deleted]: [Contact[], string[]] = [[], []]
    let cursor: string | null = null
    let pages = 0
    do {
      const page = contactPage.parse(await acmeLegacy.listContacts!(ctx, since, cursor))
      contacts.push(...page.contacts)
      deleted.push(...page.deleted ?? [])
      cursor = page.nextCursor
      pages += 1
    } while (cursor !== null)
    return { contacts, deleted, pages }
  }

  it('comes page by page, each once, with who is inactive apart', async () => {
    await at.control.post('/customers', Array.from({ length: 120 }, (_, index) => ({ name: `Many ${String(index)}`, changedAt: '2020-01-01T12:00:00Z' })))
    const { contacts, deleted, pages } = await listAll(null)
    expect(pages).toBe(3)
    expect(new Set(contacts.map(({ id }) => id)).size).toBe(contacts.length)
    expect(contacts.filter(({ name }) => name.startsWith('Many'))).toHaveLength(120)
    expect(deleted).toEqual(['4'])
    expect(contacts[0]).toMatchObject({ id: '1', name: 'Jan de Vries', createdAt: '2019-03-04T08:00:00.000Z' })
  })

  it('since a moment begins with the day before, so that nobody is left out', async () => {
    const added = await at.control.post<{ id: number }[]>('/customers', [
      { name: 'Two days before', changedAt: '2098-05-08T12:00:00+02:00' },
      { name: 'Day before', changedAt: '2098-05-09T00:00:00+02:00' },
      { name: 'That day', changedAt: '2098-05-10T23:59:00+02:00' },
    ])
    const [, , last] = added.data
    const { contacts } = await listAll('2098-05-09T22:10:00Z')
    expect(contacts.map(({ name }) => name)).toEqual(['Day before', 'That day'])
    expect(await listAll('2099-01-01T00:00:00Z')).toEqual({ contacts: [], deleted: [], pages: 1 })
    await at.control.patch(`/customers/${String(last!.id)}`, { isActive: false })
    expect((await listAll(new Date().toISOString())).deleted).toContain(String(last!.id))
  })

  it('says when somebody called last', async () => {
    await acmeLegacy.createCallLog(ctx, {
      externalId: 'lf-list' as never, direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-07-01T10:00:00Z', contactId: contactId.parse('3'),
    })
    expect((await listAll(null)).contacts.find(({ id }) => id === '3')).toMatchObject({ lastActivityAt: '2026-07-01T10:00:00.000Z' })
  })
})

it('links to the record', () => {
  expect(acmeLegacy.contactUrl!({ hostname: 'crm.example.com', settings: {} }, contactId.parse('7'))).toBe('https://crm.example.com/customers/7')
})

describe('what the CRM answers when it is not well', () => {
  it.each([
    [{ mode: 'auth' }, { code: 'unauthorized' }],
    [{ mode: 'busy', seconds: 7 }, { code: 'rate_limited', retryAfterMs: 7000 }],
    [{ mode: 'error' }, { code: 'server_error' }],
    [{ mode: 'garbage' }, { code: 'bad_response' }],
    [{ mode: 'html' }, { code: 'bad_response' }],
  ])('%j is %j', async (switches, failure) => {
    await at.control.put('/switches', switches)
    await expect(acmeLegacy.findContact(ctx, queryOf('+31413741741'))).rejects.toMatchObject(failure)
  })
})
