import { createActivity } from '../crm/activities.js'
import { createCompany } from '../crm/companies.js'
import { createNote } from '../crm/notes.js'
import { hashPassword } from '../crm/password.js'
import { digitsOfAll } from '../crm/phone-digits.js'
import { findRow, getRow, type Database, type Queryable } from '../database/open-database.js'
import { seededRandom, type Random } from './random.js'
import { makePastCall } from './seed-history.js'
import { makeCompanies, makePeople, type SeedPerson } from './seed-people.js'

const users = [
  { id: 'u_1', name: 'Ann de Wit', email: 'ann@acme.test', timezone: 'Europe/Amsterdam', extension: '201', isAdmin: true },
  { id: 'u_2', name: 'Ben Okafor', email: 'ben@acme.test', timezone: 'Europe/London', extension: '202', isAdmin: false },
  { id: 'u_3', name: 'Cho Min-seo', email: 'cho@acme.test', timezone: 'Asia/Seoul', extension: '203', isAdmin: false },
]

const furtherUser = (number: number): (typeof users)[number] => ({
  id: `u_${number}`, name: `Colleague ${number}`, email: `colleague${number}@acme.test`, timezone: 'Europe/Amsterdam', extension: String(200 + number), isAdmin: false,
})

/** Fills an empty database, always with the same people; leaves any other alone. */
export async function seedDatabase(database: Database, peopleCount: number, furtherUsers = 0): Promise<void> {
  if ((await findRow(database, 'select id from users limit 1')) !== null) return
  const passwordHash = await hashPassword('acme')
  const random = seededRandom(20240108)
  await database.transaction(async (transaction) => {
    await insertUsers(transaction, [...users, ...Array.from({ length: furtherUsers }, (_, index) => furtherUser(index + 4))], passwordHash)
    const companies = makeCompanies(random)
    const companyIds: string[] = []
    for (const company of companies) companyIds.push((await createCompany(transaction, company)).id)
    const people = makePeople(random, companies, peopleCount)
    const ids: string[] = []
    for (const person of people) ids.push(await insertPerson(transaction, person, companyIds))
    await insertHistory(transaction, random, people, ids)
  })
}

async function insertUsers(database: Queryable, all: typeof users, passwordHash: string): Promise<void> {
  for (const user of all) {
    await database.query(
      'insert into users (id, name, email, password_hash, timezone, extension, is_admin) values ($1, $2, $3, $4, $5, $6, $7)',
      [user.id, user.name, user.email, passwordHash, user.timezone, user.extension, user.isAdmin],
    )
  }
}

async function insertPerson(database: Queryable, person: SeedPerson, companyIds: readonly string[]): Promise<string> {
  const { id } = await getRow<{ id: string }>(
    database,
    `insert into people (first_name, last_name, email, title, company_id, phones, phone_digits, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7::text[], $8, $8) returning id`,
    [
      person.first_name, person.last_name, person.email, person.title,
      person.companyIndex === null ? null : companyIds[person.companyIndex],
      JSON.stringify(person.phones), digitsOfAll(person.phones), person.created_at,
    ],
  )
  return id
}

/** Every fourth person has called before. Jan de Vries has not, so that his first call stands alone; he has a note. */
async function insertHistory(
  database: Queryable,
  random: Random,
  people: readonly SeedPerson[],
  ids: readonly string[],
): Promise<void> {
  const [jan] = ids
  if (jan === undefined) return
  await createNote(database, { person_id: jan, user_id: 'u_1', body: 'Prefers to be called after three o’clock.' })
  for (const [index, person] of people.entries()) {
    const personId = ids[index]
    const number = person.phones[0]?.number
    if (index % 4 !== 3 || personId === undefined || number === undefined) continue
    const user = random.pick(users)
    await createActivity(database, makePastCall(random, personId, user.id, number, person.created_at))
  }
}
