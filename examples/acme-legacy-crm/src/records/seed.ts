import type { NewCustomer, Records } from './records.js'

const firstDay = Date.parse('2019-03-04T08:00:00Z')
const dayMs = 24 * 60 * 60 * 1000

/** The first of them are fixed: demonstrations and tests call them by name. */
const known: readonly NewCustomer[] = [
  { name: 'Jan de Vries', company: 'De Vries Bouw BV', email: 'jan@devriesbouw.example', phones: ['0413/741741', '06/12345678'] },
  { name: 'Jürgen Großmann', company: 'Großmann & Söhne', email: '', phones: ['0049/30123456'] },
  { name: 'Zoë Čapková', company: '', email: '', phones: ['020/7946001'] },
  { name: 'Piet Jansen (moved away)', company: '', email: '', phones: ['0413/741742'], isActive: false },
]

const firstNames = ['Sanne', 'Daan', 'Fleur', 'Bram', 'Lotte', 'Gijs', 'Noor', 'Ruben']
const lastNames = ['Bakker', 'Visser', 'de Boer', 'van Dijk', 'Smit', 'Mulder', 'van den Berg']

/** Fills an empty CRM; `count` customers in all. */
export function seedRecords(records: Records, count: number): void {
  if (records.customers.length > 0) return
  for (let index = 0; index < count; index += 1) {
    records.addCustomer({ ...(known[index] ?? madeUp(index)), createdAt: firstDay + index * dayMs })
  }
}

const madeUp = (index: number): NewCustomer => ({
  name: `${pick(firstNames, index)} ${pick(lastNames, index)}`,
  company: '',
  email: '',
  phones: [`0413/${String(200_000 + index * 37)}`],
})

const pick = (names: readonly string[], index: number): string => names[index % names.length] ?? ''
