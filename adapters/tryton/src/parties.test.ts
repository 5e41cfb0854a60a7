import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactId, CrmError } from '@linefinder/core'
import { samePhone } from '@linefinder/core/phone'
import tryton from './index.js'
import { probeWithAnn, type Probe } from './testing/probe.js'
import { queryOf, signIn, type SignedIn } from './testing/signed-in.js'
import { installed, startTryton, type Tryton } from './testing/start-tryton.js'

const whereTrytonIs = installed === '' ? describe.skip : describe

whereTrytonIs.each([
  // With phonenumbers Tryton takes numbers with a country code only, unless the party has an address.
  ['rewrites numbers', true, []],
  ['keeps numbers as typed', false, ['0031 413 741 743', '(0413) 741-746', '0413741747 (ask for Jan)']],
])('parties of a Tryton that %s', (_, rewritesNumbers, moreSpellings) => {
  let server: Tryton
  let probe: Probe
  let ann: SignedIn
  beforeAll(async () => {
    server = await startTryton({ rewritesNumbers })
    probe = await probeWithAnn(server)
    ann = await signIn(server)
  }, 120_000)
  afterAll(() => server.stop())

  const phone = (value: string, type = 'phone') => ({ type, value })
  const found = async (number: string) =>
    (await tryton.findContact(ann.ctx, queryOf(number))).filter(({ phones }) => phones.some(each => samePhone(each.number, number, { country: 'NL' })))

  it.each(['+31 (0)413-741 741', '+31413741742', '+31.413.741.744', '+31 (413) 741-745', ...moreSpellings])('are found by the number that is typed as %s', async typed => {
    const id = await probe.createParty('De Vries Dakwerken', phone(typed))
    expect(await found(`+31413${typed.replace(/\D/g, '').slice(-6)}`)).toMatchObject([{ id: String(id), name: 'De Vries Dakwerken', phones: [{ label: 'phone' }] }])
  })

  it('are found by a mobile and by a fax number, and not by what is no phone', async () => {
    const id = await probe.createParty('Emma', phone('+31612345678', 'mobile'), phone('+31201234567', 'fax'), phone('emma@example.com', 'email'))
    const emma = { id: String(id), email: 'emma@example.com', phones: [{ number: expect.any(String), label: 'mobile' }, { number: expect.any(String), label: 'fax' }] }
    expect(await found('+31612345678')).toMatchObject([emma])
    expect(await found('+31201234567')).toMatchObject([emma])
    await probe.createParty('Skype', { type: 'skype', value: '+31204567890' })
    expect(await found('+31204567890')).toEqual([])
  })

  it('are left out when they are inactive, and so is a number that is', async () => {
    const id = await probe.createParty('Gone', phone('+31413000001'))
    await probe.call('party.party.write', [id], { active: false })
    expect(await found('+31413000001')).toEqual([])
    const other = await probe.createParty('Moved', phone('+31413000002'), phone('+31413000003'))
    const [old] = await probe.call<{ id: number }[]>('party.contact_mechanism.search_read', [['party', '=', other]], 0, 1, [['id', 'ASC']], ['value'])
    await probe.call('party.contact_mechanism.write', [old!.id], { active: false })
    expect(await found('+31413000002')).toEqual([])
    expect(await found('+31413000003')).toMatchObject([{ id: String(other), phones: [{ label: 'phone' }] }])
  })

  it.each(['204', 'anonymous', '+31209999999'])('are not found by %s', async number => {
    expect(await tryton.findContact(ann.ctx, queryOf(number))).toEqual([])
  })

  it('are found by part of their name, read literally, at most as many as asked for', async () => {
    await probe.createParty('100% Dak')
    await probe.createParty('1000 Daken')
    expect(await tryton.searchContacts!(ann.ctx, '00% d', 10)).toMatchObject([{ name: '100% Dak', phones: [] }])
    expect(await tryton.searchContacts!(ann.ctx, 'dak', 1)).toHaveLength(1)
  })

  it('are created with their number, and found by it', async () => {
    const created = await tryton.createContact(ann.ctx, { name: 'Piet', phone: '+31201111111', phoneLabel: 'Mobile', email: 'piet@example.com' })
    expect(created).toMatchObject({ name: 'Piet', email: 'piet@example.com', phones: [{ label: 'mobile' }], createdAt: expect.stringMatching(/^20.*Z$/) })
    expect(await found('+31201111111')).toEqual([created])
  })

  it('get a number, once, and lose none', async () => {
    const id = contactId.parse(String(await probe.createParty('Two', phone('+31413000010'))))
    const changed = await tryton.addContactNumber!(ann.ctx, id, { number: '+31413000011', label: 'Front desk' })
    expect(changed.phones).toMatchObject([{ label: 'phone' }, { label: 'Front desk' }])
    expect(await tryton.addContactNumber!(ann.ctx, id, { number: '+31 413 000 011' })).toEqual(changed)
    await expect(tryton.addContactNumber!(ann.ctx, contactId.parse('999999'), { number: '+31413000012' })).rejects.toEqual(new CrmError('not_found'))
  })

  it('come as a list of all, page by page, each once', async () => {
    await probe.call('party.party.create', Array.from({ length: 250 }, (_each, index) => ({ name: `Bulk ${String(index)}` })))
    const pages = [await tryton.listContacts!(ann.ctx, null, null)]
    for (let cursor = pages[0]!.nextCursor; cursor !== null; cursor = pages.at(-1)!.nextCursor) pages.push(await tryton.listContacts!(ann.ctx, null, cursor))
    const ids = pages.flatMap(({ contacts }) => contacts.map(({ id }) => id))
    const active = await probe.call<number[]>('party.party.search', [], 0, null, null)
    expect(ids).toEqual(active.map(String).sort((a, b) => Number(a) - Number(b)))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.every(({ deleted }) => deleted === undefined)).toBe(true)
  })

  it('come as a list of those that changed, whose numbers changed, or who are no longer active', async () => {
    const [changed, called, gone, same] = [await probe.createParty('A'), await probe.createParty('B', phone('+31413000020')), await probe.createParty('C'), await probe.createParty('D')]
    const [number] = await probe.call<number[]>('party.contact_mechanism.search', [['party', '=', called]])
    const [last] = await probe.call<{ create_date: Record<string, number> }[]>('party.party.read', [same], ['create_date'])
    const since = await until(() => nowOf(probe, last!.create_date))
    await probe.call('party.party.write', [changed], { name: 'A2' })
    await probe.call('party.contact_mechanism.write', [number], { value: '+31413000021' })
    await probe.call('party.party.write', [gone], { active: false })
    const page = await tryton.listContacts!(ann.ctx, since, null)
    expect(page.contacts.map(({ id, name }) => [id, name])).toEqual([[String(changed), 'A2'], [String(called), 'B']])
    expect(page).toMatchObject({ deleted: [String(gone)], nextCursor: null })
  })

  if (rewritesNumbers) {
    it('are refused with a number that is none, and the number is not told', async () => {
      await expect(tryton.createContact(ann.ctx, { name: 'Nobody', phone: '+31413' })).rejects.toMatchObject({ code: 'rejected', detail: expect.not.stringContaining('31413') })
    })
  }

  it('may be forbidden to some', async () => {
    const [model] = await probe.call<number[]>('ir.model.search', [['model', '=', 'party.party']])
    await probe.call('ir.model.access.create', [{ model, perm_read: true, perm_write: false, perm_create: false, perm_delete: false }])
    await expect(tryton.createContact(ann.ctx, { name: 'Nobody', phone: '+31413741741' })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

/** Tryton's own time as RFC 3339, once it is after `at`. */
async function nowOf(probe: Probe, at: Record<string, number>): Promise<string | null> {
  const id = await probe.createParty('Clock')
  const [{ create_date: now }] = await probe.call<[{ create_date: Record<string, number> }]>('party.party.read', [id], ['create_date'])
  const [before, after] = [at, now].map(each => Date.UTC(each['year']!, each['month']! - 1, each['day'], each['hour'], each['minute'], each['second'], each['microsecond']! / 1000))
  await probe.call('party.party.delete', [id])
  return after! > before! ? new Date(after!).toISOString() : null
}

async function until<Found>(look: () => Promise<Found | null>): Promise<Found> {
  for (;;) {
    const found = await look()
    if (found !== null) return found
  }
}
