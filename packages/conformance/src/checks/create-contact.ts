import assert from 'node:assert/strict'
import { samePhone } from '@linefinder/core/phone'
import { about } from '../check.js'
import { failsWith } from '../failure-of.js'
import { idOf, newWord } from '../samples.js'

export const createContactChecks = about('createContact', {
  async 'makes a contact that is found by its number'(bench) {
    const phone = bench.numbers.next()
    const created = await bench.as().createContact({ name: `New ${newWord()}`, phone })
    const contacts = await bench.untilFound(() => bench.as().findContact(phone), found => found.some(({ id }) => id === created.id))
    assert.ok(contacts.some(({ id, name }) => id === created.id && name === created.name))
    assert.ok(created.phones.some(({ number }) => samePhone(number, phone, bench.phoneOptions)), 'its number is not in the answer')
  },

  async 'puts name, number and e-mail address into the CRM as they were given'(bench) {
    const read = bench.probe('readContact')
    const phone = bench.numbers.next()
    const input = { name: `Piet ${newWord()} Jansen`, phone, email: `${newWord()}@mail.example` }
    const { id, name } = await bench.as().createContact(input)
    const seen = await read(id)
    assert.ok(seen, 'it is not in the CRM')
    assert.deepEqual([seen.name, name], [input.name, input.name])
    assert.ok(seen.phones.some(text => samePhone(text, phone, bench.phoneOptions)), 'the number is not there')
    if (seen.email !== undefined) assert.equal(seen.email, input.email)
  },

  async 'keeps names of every script, and what looks like markup or a formula'(bench) {
    bench.unlessLimited('noUnicode')
    const read = bench.probe('readContact')
    for (const name of [`Zoë ${newWord()} 🎈`, `مريم ${newWord()}`, `=HYPERLINK("x") ${newWord()}`, `<script>${newWord()}</script>`, `Robert'); DROP ${newWord()}`]) {
      const created = await bench.as().createContact({ name, phone: bench.numbers.next() })
      assert.deepEqual([created.name, (await read(created.id))?.name], [name, name])
    }
  },

  async 'keeps a number that is internal as it is'(bench) {
    bench.unlessLimited('fullNumbersOnly')
    const { id } = await bench.as().createContact({ name: `Inside ${newWord()}`, phone: '204' })
    const seen = await bench.probe('readContact')(id)
    assert.ok(seen?.phones.includes('204'))
  },

  async 'makes a contact of one word, and two of the same name'(bench) {
    const name = newWord()
    const one = await bench.as().createContact({ name, phone: bench.numbers.next() })
    const other = await bench.as().createContact({ name, phone: bench.numbers.next() })
    assert.notEqual(one.id, other.id)
    assert.equal(one.name, name)
  },

  async 'takes a label, a kind and a company without failing'(bench) {
    const input = { name: `Full ${newWord()}`, phone: bench.numbers.next(), phoneLabel: 'mobile', companyName: `Company ${newWord()}` }
    const created = await bench.as().createContact(input)
    assert.equal(created.name, input.name)
  },

  async 'adds a number to a contact and touches nothing else'(bench) {
    bench.needs('addContactNumber')
    const first = bench.numbers.next()
    const second = bench.numbers.next()
    const { id, name } = await bench.seed({ phones: [first] })
    const changed = await bench.as().addContactNumber(id, { number: second })
    assert.deepEqual([changed.id, changed.name], [id, name])
    const numbers = (await bench.probe('readContact')(id))?.phones ?? []
    assert.equal(numbers.length, 2)
    for (const number of [first, second]) assert.ok(numbers.some(text => samePhone(text, number, bench.phoneOptions)), 'a number is missing')
  },

  async 'adds no number that the contact has already, in any spelling'(bench) {
    bench.needs('addContactNumber')
    const number = bench.numbers.next()
    const { id } = await bench.seed({ phones: [number] })
    const national = `0${number.slice(3, 5)} ${number.slice(5)}`
    for (const spelling of [number, national, number.replace('+', '00')]) await bench.as().addContactNumber(id, { number: spelling })
    assert.equal((await bench.probe('readContact')(id))?.phones.length, 1)
  },

  async 'says `not_found` of a contact that is not there when a number is to be added'(bench) {
    bench.needs('addContactNumber')
    const remove = bench.probe('deleteContact')
    const { id } = await bench.seed()
    await remove(id)
    await failsWith('not_found', bench.as().addContactNumber(idOf(id), { number: bench.numbers.next() }))
  },
})
