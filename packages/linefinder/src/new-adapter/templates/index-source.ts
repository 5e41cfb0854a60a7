import type { Capability } from '@linefinder/core'
import type { AdapterPlan } from '../adapter-plan.js'
import { pagesByCursor, toldInBody } from '../api-facts.js'
import { joined, keyOf, listOf, memberOf, quoted } from '../source-text.js'
import { authSource } from './auth-source.js'

/** `src/index.ts`: the adapter. */
export function indexSource(plan: AdapterPlan): string {
  const { id, name, identifier, shape, capabilities } = plan
  const { auth, activities } = shape
  const has = (member: Capability) => capabilities.has(member)
  const members = memberSources(plan)
  const hasMessages = has('createMessageLog')
  const hasTasks = has('createTask')

  return joined([
    `import { ${joined(['activityId', ...(has('getCallLog') ? ['CrmError'] : []), auth.kind, 'type Contact', 'type CrmAdapter'].sort(byName), ', ')} } from '@linefinder/core'`,
    'import * as answers from \'./answers.js\'',
    has('findCallLog') && 'import { findActivity } from \'./find-activity.js\'',
    `import { ${joined(['allFields', 'fromCallLog', 'fromContactInput', has('getCallLog') && 'toActivity', 'toContact', has('listContacts') && pagesByCursor(shape.contacts) && 'toContactPage', 'toUser'], ', ')} } from './mapping.js'`,
    hasMessages && 'import { messageMembers } from \'./messages.js\'',
    hasTasks && 'import { taskMembers } from \'./tasks.js\'',
    `${has('listContacts') ? '\nconst pageSize = 100\n' : ''}
export const ${identifier}: CrmAdapter = {
  id: ${quoted(id)},
  name: ${quoted(name)},
  contractVersion: 1,`,
    shape.host !== null && `  defaultHostname: ${quoted(shape.host)},`,
    shape.basePath !== '' && `  baseUrl: ${quoted(`https://{hostname}${shape.basePath}`)},`,
    `  phoneSearch: ${shape.contacts.isTextSearch ? '\'contains\'' : '\'digits\''},
  bodyFormat: 'plain',
  bodyDetails: ${listOf(toldInBody(shape, capabilities))},
  auth: ${authSource(auth)},

${Object.values(members).join('\n\n')}
}

export default ${identifier}

const distinct = (contacts: readonly Contact[]): Contact[] => [...new Map(contacts.map(contact => [contact.id, contact])).values()]

const pathOf = (ref: { readonly id: string }): string => \`${activities.path}/\${encodeURIComponent(ref.id)}\``,
  ]) + '\n'
}

const byName = (a: string, b: string): number => a.replace('type ', '~').toLowerCase() < b.replace('type ', '~').toLowerCase() ? -1 : 1

function memberSources({ shape, capabilities }: AdapterPlan): Record<string, string> {
  const { user, users, contacts, activities } = shape
  const has = (member: Capability) => capabilities.has(member)
  const constants = Object.entries(activities.constants).map(([key, value]) => `${keyOf(key)}: ${quoted(value)}`).join(', ')
  const created = constants === '' ? 'fromCallLog(log, allFields)' : `{ ${constants}, ...fromCallLog(log, allFields) }`
  const all: readonly (readonly [name: string, isThere: boolean, source: string])[] = [
    ['getUserInfo', true, `  async getUserInfo({ http }) {
    return toUser(answers.user.parse((await http.get(${quoted(user.path)})).data))
  },`],
    ['findContact', true, `  // Each way in which the CRM may have the number is asked for. The server checks what comes back.
  async findContact({ http }, { variants }) {
    const found = await Promise.all(variants.map(async phone =>
      answers.contacts.parse((await http.get(${quoted(contacts.path)}, { params: { ${param(contacts.phoneParam, 'phone')} } })).data)))
    return distinct(found.flat().map(toContact))
  },`],
    ['searchContacts', has('searchContacts'), `  async searchContacts({ http }, name, limit) {
    const { data } = await http.get(${quoted(contacts.path)}, { params: { ${param(contacts.nameParam, 'name')}, ${param(contacts.limitParam, 'limit')} } })
    return answers.contacts.parse(data).map(toContact).slice(0, limit)
  },`],
    ['listContacts', has('listContacts'), listContactsSource(shape)],
    ['addContactNumber', has('addContactNumber'), `  async addContactNumber({ http, phone: phones }, id, { number }) {
    const path = \`${contacts.path}/\${encodeURIComponent(id)}\`
    const contact = toContact(answers.contact.parse((await http.get(path)).data))
    if (contact.phones.some(phone => phones.isSame(phone.number, number))) return contact
    return toContact(answers.contact.parse((await http.post(\`\${path}/phones\`, { number })).data))
  },`],
    ['createContact', true, `  async createContact({ http }, input) {
    return toContact(answers.contact.parse((await http.post(${quoted(contacts.path)}, fromContactInput(input))).data))
  },`],
    ['createCallLog', true, `  async createCallLog({ http }, log) {
    const { data } = await http.post(${quoted(activities.path)}, ${created})
    return { id: activityId.parse(${memberOf('answers.activity.parse(data)', activities.id.field)}) }
  },`],
    ['updateCallLog', true, activities.update === 'patch' ? `  async updateCallLog({ http }, ref, log, changed) {
    const changes = fromCallLog(log, changed)
    if (Object.keys(changes).length > 0) await http.patch(pathOf(ref), changes)
  },` : `  // The CRM takes the whole record.
  async updateCallLog({ http }, ref, log) {
    await http.put(pathOf(ref), ${created})
  },`],
    ['getCallLog', has('getCallLog'), `  async getCallLog({ http }, ref) {
    try {
      return toActivity(answers.activity.parse((await http.get(pathOf(ref))).data))
    } catch (error) {
      if (error instanceof CrmError && error.code === 'not_found') return null
      throw error
    }
  },`],
    ['findCallLog', has('findCallLog'), '  findCallLog: findActivity,'],
    ['uploadRecording', has('uploadRecording'), `  async uploadRecording({ http }, ref, { stream, contentType, fileName }) {
    await http.put(\`\${pathOf(ref)}/recordings/\${encodeURIComponent(fileName)}\`, stream, { headers: { 'Content-Type': contentType } })
  },`],
    ['setDisposition', has('setDisposition'), `  async setDisposition({ http }, ref, disposition) {
    await http.patch(pathOf(ref), { ${param(activities.fields.disposition ?? 'disposition', 'disposition')} })
  },`],
    ['listDispositions', has('listDispositions'), `  async listDispositions({ http }) {
    return answers.dispositions.parse((await http.get('/dispositions')).data).items
  },`],
    ['fields', has('fields'), `  async fields({ http }) {
    const { items } = answers.activityFields.parse((await http.get('/activity-fields')).data)
    return items.map(({ name, label, options }) => options === undefined ? { name, label, type: 'text' } : { name, label, type: 'select', options })
  },`],
    ['messages', has('createMessageLog'), '  ...messageMembers,'],
    ['tasks', has('createTask'), '  ...taskMembers,'],
    ['listUsers', has('listUsers'), `  async listUsers({ http }) {
    return answers.users.parse((await http.get(${quoted(users.path)})).data).map(toUser)
  },`],
    ['logout', true, `  async logout() { /* ${logoutReasons[shape.auth.kind]} */ },`],
    ['contactUrl', has('contactUrl'), `  contactUrl: ({ hostname }, id) => \`https://\${hostname}/contacts/\${encodeURIComponent(id)}\`,`],
    ['activityUrl', has('activityUrl'), `  activityUrl: ({ hostname }, { id }) => \`https://\${hostname}/activities/\${encodeURIComponent(id)}\`,`],
  ]
  return Object.fromEntries(all.filter(([, isThere]) => isThere).map(([name, , source]) => [name, source]))
}

function listContactsSource({ contacts }: AdapterPlan['shape']): string {
  const since = contacts.sinceParam === null ? '' : `, ${keyOf(contacts.sinceParam)}: since`
  const sinceName = contacts.sinceParam === null ? '_since' : 'since'
  if (pagesByCursor(contacts)) {
    return `  async listContacts({ http }, ${sinceName}, cursor) {
    const params = { ${keyOf(contacts.limitParam)}: pageSize${since}, ${param(contacts.paging.param, 'cursor')} }
    return toContactPage(answers.contactPage.parse((await http.get(${quoted(contacts.path)}, { params })).data))
  },`
  }
  return `  async listContacts({ http }, ${sinceName}, cursor) {
    const page = Number(cursor ?? 1)
    const params = { ${keyOf(contacts.limitParam)}: pageSize${since}, ${param(contacts.paging.param, 'page')} }
    const contacts = answers.contacts.parse((await http.get(${quoted(contacts.path)}, { params })).data).map(toContact)
    return { contacts, nextCursor: contacts.length < pageSize ? null : String(page + 1) }
  },`
}

const param = (name: string, variable: string): string => name === variable ? name : `${keyOf(name)}: ${variable}`

const logoutReasons = {
  oauth2: 'The server revokes the tokens at `revokeUrl`.',
  apiKey: 'Keys are ended in the CRM itself.',
  basic: 'A password has no session to end.',
  custom: 'The scheme ends its session.',
} as const
