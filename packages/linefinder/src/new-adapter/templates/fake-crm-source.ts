import type { Capability } from '@linefinder/core'
import type { AdapterPlan } from '../adapter-plan.js'
import { pagesByCursor } from '../api-facts.js'
import type { ContactsShape, NameShape } from '../api-shape.js'
import { joined, keyOf, quoted } from '../source-text.js'

/** `src/testing/fake-crm.ts`: a stand-in for the CRM with the API that the adapter speaks. */
export function fakeCrmSource(plan: AdapterPlan): string {
  const { name, shape, capabilities } = plan
  const { basePath, user, users, contacts, activities } = shape
  const has = (member: Capability) => capabilities.has(member)
  const at = (path: string) => quoted(`${basePath}${path}`)
  const single = (key: string | null, value: string) => key === null ? value : `({ ${keyOf(key)}: ${value} })`
  const idOf = activities.id.isNumber ? 'activities.size + 1' : 'randomUUID()'
  const finds = has('findCallLog') || has('findMessageLog') || has('findTask')

  return joined([
    joined([
      activities.id.isNumber ? null : 'import { randomUUID } from \'node:crypto\'',
      `import { FakeContacts, nameOf, phonesOf${has('addContactNumber') ? ', withPhones' : ''} } from './fake-contacts.js'`,
      'import { FakeLogin, type Person } from \'./fake-login.js\'',
      'import { Refused, route, serve, type Fields } from \'./fake-server.js\'',
    ]),
    `
export interface FakeCrm {
  readonly origin: string
  readonly login: FakeLogin
  readonly contacts: FakeContacts
  /** Calls, and messages and tasks too, by their ids. */
  readonly activities: Map<string, Fields>
${has('listUsers') ? '  readonly users: readonly Fields[]\n' : ''}  stop(): Promise<void>
}

const people: Record<Person, Fields> = {
  ann: ${person(plan, 1, 'Ann', 'Smith')},
  ben: ${person(plan, 2, 'Ben', 'Jones')},
}
${has('listUsers') ? colleaguesSource(plan) : ''}
/** A stand-in for ${name}: it answers as this adapter expects. Change it where the real one is different. */
export async function startFakeCrm(): Promise<FakeCrm> {
  const login = new FakeLogin()
  const contacts = new FakeContacts()
  const activities = new Map<string, Fields>()
  const existing = <Found>(found: Found | null | undefined): Found => {
    if (found == null) throw new Refused(404)
    return found
  }

  const routes = [
    route('GET', ${at(user.path)}, ({ request }) => ${single(user.itemKey, 'people[login.whoAsks(request)]')}),`,
    has('listUsers') && `    route('GET', ${at(users.path)}, () => ${single(users.listKey, 'users')}),`,
    `    route('GET', ${at(contacts.path)}, ({ query }) => ${contactsAnswer(plan)}),
    route('POST', ${at(contacts.path)}, ({ body }) => ${single(contacts.itemKey, 'contacts.add(body)')}),
    route('GET', ${at(`${contacts.path}/{id}`)}, ({ params: [id = ''] }) => ${single(contacts.itemKey, 'existing(contacts.get(id))')}),`,
    has('addContactNumber') && `    route('POST', ${at(`${contacts.path}/{id}/phones`)}, ({ params: [id = ''], body }) => {
      const numbers = [...phonesOf(existing(contacts.get(id))), String(body['number'])]
      return ${single(contacts.itemKey, 'existing(contacts.change(id, withPhones(numbers)))')}
    }),`,
    `    route('POST', ${at(activities.path)}, ({ body }) => {
      const id = ${idOf}
      const activity = { ...body, ${activities.id.field === 'id' ? 'id' : `${keyOf(activities.id.field)}: id`} }
      activities.set(String(id), activity)
      return ${single(activities.itemKey, 'activity')}
    }),`,
    finds && `    route('GET', ${at(activities.path)}, ({ query }) => ${single(activities.listKey, `[...activities.values()].filter(each => each[${quoted(activities.fields.externalId ?? 'external_id')}] === query.get(${quoted(activities.externalIdParam)}))`)}),`,
    `    route('GET', ${at(`${activities.path}/{id}`)}, ({ params: [id = ''] }) => ${single(activities.itemKey, 'existing(activities.get(id))')}),
    route(${quoted(activities.update.toUpperCase())}, ${at(`${activities.path}/{id}`)}, ({ params: [id = ''], body }) => ${single(activities.itemKey, 'Object.assign(existing(activities.get(id)), body)')}),`,
    activities.update === 'put' && (['setDisposition', 'createMessageLog', 'createTask'] as const).some(has) && `    route('PATCH', ${at(`${activities.path}/{id}`)}, ({ params: [id = ''], body }) => ${single(activities.itemKey, 'Object.assign(existing(activities.get(id)), body)')}),`,
    has('uploadRecording') && `    route('PUT', ${at(`${activities.path}/{id}/recordings/{name}`)}, ({ params: [id = '', fileName = ''], bytes }) => {
      const activity = existing(activities.get(id))
      activity['recordings'] = { ...activity['recordings'] as object | undefined, [fileName]: bytes.length }
    }),`,
    has('listDispositions') && `    route('GET', ${at('/dispositions')}, () => ({ items: ['Interested', 'Not now', 'Never'].map(value => ({ value, label: value })) })),`,
    has('fields') && `    route('GET', ${at('/activity-fields')}, () => ({
      items: [{ name: 'order', label: 'Order number' }, { name: 'topic', label: 'Topic', options: [{ value: 'sales', label: 'Sales' }, { value: 'support', label: 'Support' }] }],
    })),`,
    `  ]
  const { origin, stop } = await serve(login.routes, routes, request => { login.whoAsks(request) })
  return { origin, stop, login, contacts, activities${has('listUsers') ? ', users' : ''} }
}

${searchSource(plan)}`,
  ]) + '\n'
}

function person({ shape: { user } }: AdapterPlan, number: number, first: string, last: string): string {
  const { account, email } = user
  const id = user.id.isNumber ? String(number) : quoted(`u${String(number)}`)
  return `{ ${joined([
    `${keyOf(user.id.field)}: ${id}`,
    names(user.name, first, last),
    email !== null && `${keyOf(email)}: ${quoted(`${first.toLowerCase()}@crm.example`)}`,
    account?.kind === 'object' && `${keyOf(account.field)}: { id: 'a1'${account.name === null ? '' : `, ${keyOf(account.name)}: 'Example Ltd'`} }`,
    account?.kind === 'id' && `${keyOf(account.field)}: 'a1'`,
  ], ', ')} }`
}

/** So many that a CRM which pages would give them in pages. */
function colleaguesSource(plan: AdapterPlan): string {
  const { id, name, email } = plan.shape.user
  const own = joined([
    `${keyOf(id.field)}: ${id.isNumber ? 'index + 3' : '`u${String(index + 3)}`'}`,
    name.kind === 'one' ? `${keyOf(name.field)}: \`Colleague ${'${String(index)}'}\`` : `${keyOf(name.first)}: 'Colleague', ${keyOf(name.last)}: String(index)`,
    email !== null && `${keyOf(email)}: \`colleague${'${String(index)}'}@crm.example\``,
  ], ', ')
  return `
const users: readonly Fields[] = [...Object.values(people), ...Array.from({ length: 120 }, (_, index) => ({ ...people.ann, ${own} }))]
`
}

const names = (name: NameShape, first: string, last: string): string => name.kind === 'one'
  ? `${keyOf(name.field)}: ${quoted(`${first} ${last}`)}`
  : `${keyOf(name.first)}: ${quoted(first)}, ${keyOf(name.last)}: ${quoted(last)}`

const contactsAnswer = ({ shape: { contacts }, capabilities }: AdapterPlan): string =>
  capabilities.has('listContacts') && pagesByCursor(contacts) ? 'searchOrPage(contacts, query)'
    : contacts.listKey === null ? 'search(contacts, query)' : `({ ${keyOf(contacts.listKey)}: search(contacts, query) })`

function searchSource({ shape: { contacts }, capabilities }: AdapterPlan): string {
  const lists = capabilities.has('listContacts')
  const cursor = lists && pagesByCursor(contacts)
  // A parameter that searches everything is asked with a name, too.
  const hasOwnName = contacts.nameParam !== contacts.phoneParam
  const isWanted = joined([
    `text ${hasOwnName ? '!== null || name !== null' : '!== null'}`,
    contacts.isTextSearch ? '(text === null || hasText(record, text))' : '(text === null || hasPhone(record, text))',
    hasOwnName && '(name === null || (name !== \'\' && nameOf(record).toLowerCase().includes(name.toLowerCase())))',
  ].map((part, index) => index === 0 && hasOwnName ? `(${String(part)})` : part), ' && ')
  return joined([
    `function search(contacts: FakeContacts, query: URLSearchParams): Fields[] {
  const text = query.get(${quoted(contacts.phoneParam)})`,
    hasOwnName && `  const name = query.get(${quoted(contacts.nameParam)})`,
    lists && !cursor && pageSource(contacts, hasOwnName),
    `  return contacts.find(record => ${isWanted})
}
`,
    contacts.isTextSearch ? `/** By a part of what was typed, in any field. */
const hasText = (record: Fields, text: string): boolean => text !== '' && [nameOf(record), ...phonesOf(record)].some(part => part.toLowerCase().includes(text.toLowerCase()))` : `const digitsOf = (text: string): string => text.replace(/\\D/g, '')

/** By digits alone, whatever stands between them. */
const hasPhone = (record: Fields, text: string): boolean => digitsOf(text) !== '' && phonesOf(record).some(number => digitsOf(number) === digitsOf(text))`,
    cursor && `
function searchOrPage(contacts: FakeContacts, query: URLSearchParams): Fields {
  if (${[...new Set([contacts.phoneParam, contacts.nameParam])].map(name => `query.has(${quoted(name)})`).join(' || ')}) return { ${keyOf(contacts.listKey)}: search(contacts, query) }
  const changes = contacts.changes(Number(query.get(${quoted(contacts.paging.param)}) ?? 0), ${contacts.sinceParam === null ? '0' : `Date.parse(query.get(${quoted(contacts.sinceParam)}) ?? '') || 0`})
  const page = changes.slice(0, Number(query.get(${quoted(contacts.limitParam)}) ?? 100))
  return {
    ${keyOf(contacts.listKey)}: page.flatMap(({ record, isDeleted }) => ${contacts.deletedFlag === null ? 'isDeleted ? [] : [record]' : `isDeleted ? [{ ${keyOf(contacts.id.field)}: record[${quoted(contacts.id.field)}], ${keyOf(contacts.deletedFlag)}: true }] : [record]`}),
    ${keyOf(contacts.paging.next)}: page.length < changes.length ? String(page.at(-1)?.version) : null,
  }
}`,
  ]).trimEnd()
}

function pageSource(contacts: ContactsShape, hasOwnName: boolean): string {
  const all = contacts.sinceParam === null ? 'contacts.find(() => true)'
    : `contacts.changes(0, Date.parse(query.get(${quoted(contacts.sinceParam)}) ?? '') || 0).flatMap(({ record, isDeleted }) => isDeleted ? [] : [record])`
  return `  const page = Number(query.get(${quoted(contacts.paging.param)}) ?? 1)
  const size = Number(query.get(${quoted(contacts.limitParam)}) ?? 100)
  if (text === null${hasOwnName ? ' && name === null' : ''}) return ${all}.slice((page - 1) * size, page * size)`
}
