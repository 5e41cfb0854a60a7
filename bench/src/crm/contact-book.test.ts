import { expect, it } from '@jest/globals'
import { parsePhone } from '@linefinder/core/phone'
import { ContactBook } from './contact-book.js'
import { countries } from './number-blocks.js'
import { homeCountry } from './spellings.js'

const book = new ContactBook(1)
const indices = Array.from({ length: 4000 }, (_, n) => n % 2 === 0 ? n : 500_000 + n)

it('says the same of the same contact in every process', () => {
  const other = new ContactBook(1)
  expect(other.contactAt(77)).toEqual(book.contactAt(77))
  expect(new ContactBook(2).contactAt(77)).not.toEqual(book.contactAt(77))
})

it('writes numbers in ways that read as the valid numbers they are', () => {
  for (const index of indices) {
    const read = book.contactAt(index).phones.map(({ number }) => parsePhone(number, { country: homeCountry }))
    expect(read).toEqual(book.numbersAt(index).map(e164 => expect.objectContaining({ ok: true, e164, isValid: true })))
  }
})

it('holds 1.6 numbers a contact, half of them at home, from forty countries', () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => book.numbersAt(index)).flat()
  const countryOf = (e164: string) => { const read = parsePhone(e164); return read.ok ? read.country : undefined }
  const found = numbers.map(countryOf)
  expect(numbers.length / 10_000).toBeCloseTo(1.6, 2)
  expect(new Set(found)).toEqual(new Set(countries))
  expect(found.filter(country => country === homeCountry).length / found.length).toBeCloseTo(0.5, 2)
})

it('gives each number to one contact, and finds it', () => {
  const numbers = indices.flatMap(index => book.numbersAt(index))
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(indices.flatMap(index => book.numbersAt(index).map(number => book.indexOf(number))))
    .toEqual(indices.flatMap(index => book.numbersAt(index).map(() => index)))
})

it('knows nobody by a number of no block', () => {
  expect(book.indexOf('+15005550006')).toBeNull()
})

it('finds contacts by the last seven digits, below a limit', () => {
  const [number = ''] = book.numbersAt(4321)
  expect(book.indicesEndingWith(number.slice(-7), 5000)).toContain(4321)
  expect(book.indicesEndingWith(number.slice(-7), 4321)).not.toContain(4321)
})

it('ends where it has no more numbers', () => {
  expect(book.contactAt(book.capacity - 1).phones.length).toBeGreaterThan(0)
  expect(() => book.contactAt(book.capacity + 1000)).toThrow(RangeError)
})
