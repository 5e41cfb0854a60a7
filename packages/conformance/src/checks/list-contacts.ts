import assert from 'node:assert/strict'
import type { Contact, ContactPage } from '@linefinder/core'
import type { Bench } from '../bench.js'
import { about, Limited } from '../check.js'
import { newWord } from '../samples.js'

const mostPages = 2000

interface Listing {
  readonly contacts: Map<string, Contact>
  readonly deleted: Set<string>
  readonly pages: number
}

/** As a server reads it: to the end, and not on when a cursor comes twice. */
async function listAll(bench: Bench, since: string | null, between: (page: number) => Promise<void> = async () => undefined): Promise<Listing> {
  const listing = { contacts: new Map<string, Contact>(), deleted: new Set<string>(), pages: 0 }
  const cursors = new Set<string>()
  let cursor: string | null = null
  do {
    const page: ContactPage = await bench.as().listContacts(since, cursor)
    for (const contact of page.contacts) listing.contacts.set(contact.id, contact)
    for (const id of page.deleted ?? []) listing.deleted.add(id)
    cursor = page.nextCursor
    listing.pages += 1
    if (cursor !== null) {
      assert.ok(!cursors.has(cursor), 'a cursor comes twice')
      cursors.add(cursor)
      assert.ok(listing.pages < mostPages, `it does not end after ${String(mostPages)} pages`)
      await between(listing.pages)
    }
  } while (cursor !== null)
  return listing
}

const holding = (bench: Bench, since: string | null, ids: readonly string[]): Promise<Listing> =>
  bench.untilFound(() => listAll(bench, since), ({ contacts }) => ids.every(id => contacts.has(id)))

/** A time by the CRM's clock is not to be had, so some is allowed for a difference. */
const aMomentAgo = (): string => new Date(Date.now() - 2000).toISOString()

export const listContactsChecks = about('listContacts', {
  async 'lists every contact, with its name and numbers'(bench) {
    bench.needs('listContacts')
    const number = bench.numbers.next()
    const { id, name } = await bench.seed({ phones: [number] })
    const contact = (await holding(bench, null, [id])).contacts.get(id)
    assert.ok(contact, 'a contact is missing')
    assert.equal(contact.name, name)
    assert.ok(contact.phones.length > 0, 'its number is missing')
  },

  async 'goes on to the last page'(bench) {
    bench.needs('listContacts')
    const ids = [(await bench.seed()).id, (await bench.seed()).id]
    const { contacts, pages } = await holding(bench, null, ids)
    assert.deepEqual(ids.filter(id => !contacts.has(id)), [], 'contacts that are missing')
    if (pages < 2) throw new Limited('the CRM under test holds less than two pages')
  },

  async 'lists the same contacts twice when nothing has changed'(bench) {
    bench.needs('listContacts')
    const first = await listAll(bench, null)
    const second = await listAll(bench, null)
    assert.deepEqual([...second.contacts.keys()].sort(), [...first.contacts.keys()].sort())
  },

  async 'lists nobody under an id that finding does not give'(bench) {
    bench.needs('listContacts')
    const number = bench.numbers.next()
    const { id } = await bench.seed({ phones: [number] })
    const listed = (await holding(bench, null, [id])).contacts.get(id)
    const found = (await bench.untilFound(() => bench.as().findContact(number), contacts => contacts.length > 0)).find(contact => contact.id === id)
    assert.deepEqual([listed?.id, listed?.name], [found?.id, found?.name])
  },

  async 'leaves out nobody who changes while the list is read'(bench) {
    bench.needs('listContacts')
    const rename = bench.probe('renameContact')
    const { id } = await bench.seed()
    await holding(bench, null, [id])
    const listing = await listAll(bench, null, async page => { if (page === 1) await rename(id, `Moved ${newWord()}`) })
    assert.ok(listing.contacts.has(id))
    if (listing.pages < 2) throw new Limited('the CRM under test holds less than two pages')
  },

  async 'lists what was made and what was changed since a time'(bench) {
    bench.needs('listContacts')
    const old = await bench.seed()
    await holding(bench, null, [old.id])
    await new Promise(resolve => setTimeout(resolve, 50))
    const since = aMomentAgo()
    const made = await bench.seed()
    const ids = [made.id]
    const name = `Changed ${newWord()}`
    if (bench.hasProbe('renameContact')) {
      await bench.probe('renameContact')(old.id, name)
      ids.push(old.id)
    }
    const { contacts } = await holding(bench, since, ids)
    assert.deepEqual(ids.filter(id => !contacts.has(id)), [], 'contacts that are missing')
    if (bench.hasProbe('renameContact')) assert.equal(contacts.get(old.id)?.name, name)
  },

  async 'lists nothing that changed long before, and takes a time with an offset'(bench) {
    bench.needs('listContacts')
    bench.unlessLimited('noSince')
    const { contacts, deleted } = await listAll(bench, '2999-01-01T00:00:00+05:30')
    assert.deepEqual([contacts.size, deleted.size], [0, 0])
    const since = new Date(Date.now() - 2000)
    const { id } = await bench.seed()
    const inTokyo = `${new Date(since.getTime() + 9 * 3_600_000).toISOString().slice(0, -1)}+09:00`
    assert.ok((await holding(bench, inTokyo, [id])).contacts.has(id))
  },

  async 'names who was deleted since, and lists them no longer'(bench) {
    bench.needs('listContacts')
    const remove = bench.probe('deleteContact')
    const { id } = await bench.seed()
    await holding(bench, null, [id])
    const since = aMomentAgo()
    await remove(id)
    const isGone = ({ contacts }: Listing) => !contacts.has(id)
    assert.ok(isGone(await bench.untilFound(() => listAll(bench, null), isGone)), 'it is listed still')
    bench.unlessLimited('noDeletion')
    assert.ok((await listAll(bench, since)).deleted.has(id), 'it is not named as deleted')
  },
})
