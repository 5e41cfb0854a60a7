import assert from 'node:assert/strict'
import { CrmError, type Contact } from '@linefinder/core'
import { samePhone } from '@linefinder/core/phone'
import type { Bench } from '../bench.js'
import { about } from '../check.js'
import { newWord } from '../samples.js'
import { findableSpellings } from '../spellings.js'

const mostSpellings = 24

/** Without digits, which would make an internal number of them. */
const hostile = ['\' OR \'a\'=\'a\' --', '*', '%', '_', '"', '\\', '&', '#', '?', '&limit=all', 'a&phone=b', '$(id)', '<b>', '{"$ne":null}', '../../users', '\'; DROP TABLE people', '%zz', '☎']

const holds = (contacts: readonly Contact[], id: string): boolean => contacts.some(contact => contact.id === id)

async function found(bench: Bench, number: string, ...ids: readonly string[]): Promise<Contact[]> {
  return bench.untilFound(() => bench.as().findContact(number), contacts => ids.every(id => holds(contacts, id)))
}

export const findContactChecks = about('findContact', {
  async 'finds a contact by its number, under the id and name that it has in the CRM'(bench) {
    const number = bench.numbers.next()
    const { id, name } = await bench.seed({ phones: [number] })
    const contact = (await found(bench, number, id)).find(each => each.id === id)
    assert.ok(contact, 'the contact is not found')
    assert.equal(contact.name, name)
  },

  async 'finds a number however it was typed into the CRM'(bench) {
    bench.unlessLimited('noSuffixSearch')
    bench.probe('createContact')
    const { adapter: { phoneSearch = 'e164' }, phoneOptions } = bench
    const count = Math.min(findableSpellings(bench.numbers.next(), phoneSearch, phoneOptions).length, mostSpellings)
    const missing: string[] = []
    for (let index = 0; index < count; index += 1) {
      const number = bench.numbers.next()
      const spelling = findableSpellings(number, phoneSearch, phoneOptions)[index] ?? number
      const { id } = await bench.seed({ phones: [spelling] })
      if (!holds(await found(bench, number, id), id)) missing.push(spelling)
    }
    assert.deepEqual(missing, [], 'spellings that are not found')
  },

  async 'gives each contact with its numbers, so that the server can check them'(bench) {
    const number = bench.numbers.next()
    const { id } = await bench.seed({ phones: [number] })
    const contact = (await found(bench, number, id)).find(each => each.id === id)
    assert.ok(contact?.phones.some(phone => samePhone(phone.number, number, bench.phoneOptions)))
  },

  async 'finds a contact by each of its numbers'(bench) {
    bench.unlessLimited('oneNumberPerContact')
    const phones = [bench.numbers.next(), bench.numbers.next()]
    const { id } = await bench.seed({ phones })
    for (const number of phones) {
      const contact = (await found(bench, number, id)).find(each => each.id === id)
      assert.ok(contact, `not by number ${String(phones.indexOf(number) + 1)}`)
      assert.equal(contact.phones.length, phones.length, 'numbers are missing')
    }
  },

  async 'finds everyone who shares a number, each once'(bench) {
    const number = bench.numbers.next()
    const ids: string[] = []
    for (let count = 0; count < 12; count += 1) ids.push((await bench.seed({ phones: [number] })).id)
    const contacts = await found(bench, number, ...ids)
    assert.deepEqual(ids.filter(id => !holds(contacts, id)), [], 'contacts that are missing')
    assert.equal(new Set(contacts.map(({ id }) => id)).size, contacts.length, 'a contact comes twice')
  },

  async 'gives [] for a number that nobody has'(bench) {
    assert.deepEqual(await bench.as().findContact(bench.numbers.next()), [])
  },

  async 'finds the main number when an extension is asked for with it'(bench) {
    const number = bench.numbers.next()
    const { id } = await bench.seed({ phones: [number] })
    await found(bench, number, id)
    assert.ok(holds(await bench.as().findContact(`${number};ext=204`), id))
  },

  async 'takes an internal, a withheld and a foreign number calmly'(bench) {
    for (const text of ['204', 'anonymous', '+81312345678', '+14155550123']) await bench.as().findContact(text)
  },

  async 'takes what is no number as text and nothing else'(bench) {
    const { id } = await bench.seed()
    const wrong: string[] = []
    for (const text of hostile) {
      try {
        const contacts = await bench.as().findContact(text)
        if (holds(contacts, id) || contacts.length > 20) wrong.push(text)
      } catch (error) {
        if (!(error instanceof CrmError) || error.code !== 'rejected') wrong.push(`${text}: ${String(error)}`)
      }
    }
    assert.deepEqual(wrong, [], 'texts that find more than they should, or fail')
  },

  async 'brings names of every script through as they are'(bench) {
    bench.unlessLimited('noUnicode')
    for (const name of [`Zoë ${newWord()} 🎈👩‍👧`, `مريم ${newWord()}`, `株式会社 ${newWord()}`, `O'Brien & "Söhne" <b> ${newWord()}`]) {
      const number = bench.numbers.next()
      const { id } = await bench.seed({ name, phones: [number] })
      assert.equal((await found(bench, number, id)).find(each => each.id === id)?.name, name)
    }
  },

  async 'says what the CRM says now, not what it said before'(bench) {
    const number = bench.numbers.next()
    assert.deepEqual(await bench.as().findContact(number), [])
    const { id } = await bench.seed({ phones: [number] })
    assert.ok(holds(await found(bench, number, id), id), 'a contact that was made after the first question is not found')
    const rename = bench.probe('renameContact')
    const name = `Renamed ${newWord()}`
    await rename(id, name)
    const isRenamed = (contacts: readonly Contact[]) => contacts.some(contact => contact.id === id && contact.name === name)
    assert.ok(isRenamed(await bench.untilFound(() => bench.as().findContact(number), isRenamed)), 'it has its old name still')
  },

  async 'finds nobody who was deleted'(bench) {
    const remove = bench.probe('deleteContact')
    const number = bench.numbers.next()
    const { id } = await bench.seed({ phones: [number] })
    await found(bench, number, id)
    await remove(id)
    const isGone = (contacts: readonly Contact[]) => !holds(contacts, id)
    assert.ok(isGone(await bench.untilFound(() => bench.as().findContact(number), isGone)))
  },

  async 'searches by a part of the name, and gives no more than are wanted'(bench) {
    bench.needs('searchContacts')
    const word = newWord()
    const ids = [(await bench.seed({ name: `Ada ${word} One` })).id, (await bench.seed({ name: `Bea ${word} Two` })).id]
    const all = await bench.untilFound(() => bench.as().searchContacts(word, 10), contacts => ids.every(id => holds(contacts, id)))
    assert.deepEqual(ids.filter(id => !holds(all, id)), [], 'contacts that are not found')
    assert.equal((await bench.as().searchContacts(word, 1)).length, 1)
    assert.deepEqual(await bench.as().searchContacts(newWord(), 10), [])
  },

  async 'searches for marks in a name as they are'(bench) {
    bench.needs('searchContacts')
    const word = newWord()
    const { id } = await bench.seed({ name: `Ann & Co #1 + ${word}?` })
    const found = await bench.untilFound(() => bench.as().searchContacts(`& Co #1 + ${word}?`, 10), contacts => holds(contacts, id))
    assert.ok(holds(found, id), 'it is not found')
    assert.ok(!holds(await bench.as().searchContacts(`Ann%${word}`, 10), id), 'a mark stands for any text')
  },
})
