import { describe, expect, it } from '@jest/globals'
import { seededRandom } from './random.js'
import { makeCompanies, makePeople } from './seed-people.js'

function makeAll(count: number) {
  const random = seededRandom(7)
  const companies = makeCompanies(random)
  return { companies, people: makePeople(random, companies, count) }
}

describe('the seeded people', () => {
  it('are the same every time, Jan de Vries first', () => {
    expect(makeAll(300)).toEqual(makeAll(300))
    expect(makeAll(300).people[0]).toMatchObject({ first_name: 'Jan', last_name: 'de Vries', companyIndex: 0 })
    expect(makeAll(0).people).toEqual([])
  })

  it('never have a number of Jan de Vries by chance', () => {
    const numbers = makeAll(2000).people.slice(1).flatMap(({ phones }) => phones.map(({ number }) => number.replace(/\D/g, '')))
    expect(numbers).not.toContain('0413741741')
    expect(numbers).not.toContain('0612345678')
  })

  it('include colleagues who share the main number of their company', () => {
    const { companies, people } = makeAll(300)
    const main = companies.flatMap(({ phones }) => phones.map(({ number }) => number))
    const shared = people.flatMap(({ phones }) => phones).filter(({ number }) => main.includes(number))
    expect(shared.length).toBeGreaterThan(10)
  })
})
