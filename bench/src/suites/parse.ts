import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { parsePhone } from '@linefinder/core/phone'
import { BenchError } from '../bench-error.js'
import { ContactBook } from '../crm/contact-book.js'
import { homeCountry } from '../crm/spellings.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { median } from '../statistics.js'

/** Reads a spelling: E.164 of a valid number, or `null`. */
type Read = (text: string) => string | null

const readers: readonly { readonly who: string; readonly read: Read }[] = [
  {
    who: 'libphonenumber-js',
    read(text) {
      const number = parsePhoneNumberFromString(text, homeCountry)
      return number?.isValid() ? number.number : null
    },
  },
  {
    who: 'linefinder',
    read(text) {
      const number = parsePhone(text, { country: homeCountry })
      return number.ok && number.isValid ? number.e164 : null
    },
  },
]

const mostContacts = 200_000

/** The phone engine against what it stands on, in one process, in turn. */
export async function measureParse(settings: Settings): Promise<SuiteResult> {
  const book = new ContactBook(settings.seed)
  const contacts = Math.min(settings.contacts, mostContacts)
  const spellings = Array.from({ length: contacts }, (_, index) => book.contactAt(index).phones.map(({ number }) => number)).flat()
  const expected = Array.from({ length: contacts }, (_, index) => book.numbersAt(index)).flat()
  const rates = readers.map(({ who }) => ({ who, numbersPerSecond: [] as number[] }))
  for (const { read } of readers) spellings.slice(0, 5000).forEach(read)
  for (let round = 0; round < settings.rounds; round++) {
    readers.forEach(({ who, read }, index) => {
      const startedAt = performance.now()
      const wrong = spellings.findIndex((text, place) => read(text) !== expected[place])
      if (wrong !== -1) throw new BenchError('wrong_answer', `${who} reads "${spellings[wrong] ?? ''}" as another number than ${expected[wrong] ?? ''}`)
      rates[index]?.numbersPerSecond.push(spellings.length / (performance.now() - startedAt) * 1000)
    })
  }
  const [floor = NaN, ...rest] = rates.map(({ numbersPerSecond }) => median(numbersPerSecond))
  return {
    measurements: rates,
    tables: [{
      title: `Reading ${String(spellings.length)} spellings`,
      columns: ['who', 'numbers/s', 'of the floor'],
      rows: [floor, ...rest].map((rate, index) => [rates[index]?.who ?? '', rate, rate / floor]),
    }],
  }
}
