import type { Phone } from '../crm/phone-digits.js'
import { countries, titles, type Country } from './names.js'
import type { Random } from './random.js'

export interface SeedCompany {
  readonly name: string
  readonly phones: readonly Phone[]
}

export interface SeedPerson {
  readonly first_name: string
  readonly last_name: string
  readonly email: string | null
  readonly title: string | null
  /** Place in the list of companies, or null. */
  readonly companyIndex: number | null
  readonly phones: readonly Phone[]
  readonly created_at: Date
}

/** The first company and the first person are fixed: demonstrations and tests call them by name. */
export const deVriesBouw: SeedCompany = {
  name: 'De Vries Bouw BV',
  phones: [{ label: 'main', number: '0413 - 741 700' }],
}

const firstDay = Date.parse('2024-01-08T08:00:00Z')
const hourMs = 60 * 60 * 1000

export const janDeVries: SeedPerson = {
  first_name: 'Jan',
  last_name: 'de Vries',
  email: 'jan@devriesbouw.example',
  title: 'Owner',
  companyIndex: 0,
  phones: [{ label: 'work', number: '(0413) 741-741' }, { label: 'mobile', number: '06-12 34 56 78' }],
  created_at: new Date(firstDay),
}

export function makeCompanies(random: Random): SeedCompany[] {
  const others = countries.flatMap((country) => country.companies.map((name) => ({
    name,
    phones: [{ label: 'main', number: random.fillDigits(random.pick(country.landline)) }],
  })))
  return [deVriesBouw, ...others]
}

/** @param count how many, with Jan de Vries as the first of them. */
export function makePeople(random: Random, companies: readonly SeedCompany[], count: number): SeedPerson[] {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, index) =>
    makePerson(random, companies, new Date(firstDay + (index + 1) * hourMs)))
  return count > 0 ? [janDeVries, ...others] : []
}

function makePerson(random: Random, companies: readonly SeedCompany[], created_at: Date): SeedPerson {
  const country = random.pick(countries)
  const first_name = random.pick(country.firstNames)
  const last_name = random.pick(country.lastNames)
  const companyName = random.pick(country.companies)
  const companyIndex = random.integer(3) === 0 ? null : companies.findIndex(({ name }) => name === companyName)
  return {
    first_name,
    last_name,
    email: emailOf(first_name, last_name, random),
    title: companyIndex === null ? null : random.pick(titles),
    companyIndex,
    phones: makePhones(random, country, companyIndex === null ? undefined : companies[companyIndex]),
    created_at,
  }
}

/** One to three numbers; colleagues often share the main number of their company. */
function makePhones(random: Random, country: Country, company: SeedCompany | undefined): Phone[] {
  const shared = random.integer(3) === 0 ? company?.phones[0] : undefined
  const phones: Phone[] = [{ label: 'mobile', number: random.fillDigits(random.pick(country.mobile)) }]
  if (shared !== undefined) phones.push({ label: 'work', number: shared.number })
  else if (random.integer(2) === 0) phones.push({ label: 'work', number: random.fillDigits(random.pick(country.landline)) })
  if (random.integer(5) === 0) phones.push({ label: 'home', number: random.fillDigits(random.pick(country.landline)) })
  return phones
}

function emailOf(first: string, last: string, random: Random): string | null {
  const plain = `${first}.${last}`.normalize('NFD').replace(/[^A-Za-z.]/g, '').toLowerCase()
  return plain.length < 6 || random.integer(8) === 0 ? null : `${plain}@mail.example`
}
