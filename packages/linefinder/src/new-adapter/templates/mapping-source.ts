import type { AdapterPlan } from '../adapter-plan.js'
import { pagesByCursor } from '../api-facts.js'
import type { ActivityMember, ApiShape, NameShape, PhonesShape } from '../api-shape.js'
import { joined, keyOf, memberOf, quoted } from '../source-text.js'

/** `src/mapping.ts`: the CRM's records and ours, both ways, without asking anybody. */
export function mappingSource({ shape, capabilities }: AdapterPlan): string {
  const { user, contacts, activities } = shape
  const { fields } = activities
  const has = (name: Parameters<typeof capabilities.has>[0]) => capabilities.has(name)
  const lists = has('listContacts') && pagesByCursor(contacts)
  const reads = has('getCallLog') || has('getMessageLog')
  const hasTwoNames = contacts.name.kind === 'two' || user.name.kind === 'two'
  const isMadeOfOthers = (['from', 'to', 'result'] as const).some(name => fields[name] !== undefined)
  const hasDirections = fields.direction !== undefined && activities.directions.inbound !== 'inbound'

  return joined([
    `import {
  ${joined([reads && 'activityId', 'contactId', 'crmUserId', reads && 'type Activity', 'type CallLog', 'type Contact', 'type ContactInput', lists && 'type ContactPage', 'type CrmUser'], ', ')},
} from '@linefinder/core'
import type * as answers from './answers.js'

export const toUser = (record: answers.UserRecord): CrmUser => ({
  id: crmUserId.parse(${memberOf('record', user.id.field)}),
  name: ${nameFrom(user.name)},
${joined([
  user.email !== null && `  ...(${memberOf('record', user.email)} == null ? {} : { email: ${memberOf('record', user.email)} }),`,
  user.account?.kind === 'object' && `  account: { id: ${memberOf('record', user.account.field)}.id${user.account.name === null ? '' : `, name: ${memberOf(memberOf('record', user.account.field), user.account.name)}`} },`,
  user.account?.kind === 'id' && `  account: { id: ${memberOf('record', user.account.field)} },`,
])}
})

export const toContact = (record: answers.ContactRecord): Contact => ({
  id: contactId.parse(${memberOf('record', contacts.id.field)}),
  name: ${nameFrom(contacts.name)},
${joined([
  contacts.email !== null && `  ...(${memberOf('record', contacts.email)} == null ? {} : { email: ${memberOf('record', contacts.email)} }),`,
  `  phones: ${phonesFrom(contacts.phones)},`,
])}
})`,
    lists && contacts.deletedFlag !== null && `
export const toContactPage = ({ ${keyOf(contacts.listKey)}: records, ${keyOf(contacts.paging.next)}: next }: answers.ContactPage): ContactPage => ({
  contacts: records.flatMap(record => ${quoted(contacts.deletedFlag)} in record ? [] : [toContact(record)]),
  deleted: records.flatMap(record => ${quoted(contacts.deletedFlag)} in record ? [contactId.parse(${memberOf('record', contacts.id.field)})] : []),
  nextCursor: next ?? null,
})`,
    lists && contacts.deletedFlag === null && `
export const toContactPage = ({ ${keyOf(contacts.listKey)}: records, ${keyOf(contacts.paging.next)}: next }: answers.ContactPage): ContactPage => ({
  contacts: records.map(toContact), nextCursor: next ?? null,
})`,
    `
export const fromContactInput = (input: ContactInput) => ({
${joined([
  contacts.name.kind === 'one' && `  ${keyOf(contacts.name.field)}: input.name,`,
  contacts.name.kind === 'two' && '  ...twoNames(input.name),',
  `  ${phonesTo(contacts.phones)},`,
  contacts.email !== null && `  ...(input.email === undefined ? {} : { ${keyOf(contacts.email)}: input.email }),`,
])}
})`,
    reads && `
export const toActivity = (record: answers.ActivityRecord): Activity => ({
  ref: { id: activityId.parse(${memberOf('record', activities.id.field)}) },
${joined([
  fields.subject !== undefined && `  subject: ${memberOf('record', fields.subject)} ?? '',`,
  fields.body !== undefined && `  body: ${memberOf('record', fields.body)} ?? '',`,
  fields.contactId !== undefined && `  ...(${memberOf('record', fields.contactId)} == null ? {} : { contactId: contactId.parse(${memberOf('record', fields.contactId)}) }),`,
  fields.disposition !== undefined && `  ...(${memberOf('record', fields.disposition)} == null ? {} : { disposition: ${memberOf('record', fields.disposition)} }),`,
])}
})`,
    hasDirections && `
const directions = { inbound: ${quoted(activities.directions.inbound)}, outbound: ${quoted(activities.directions.outbound)} } as const`,
    `
/** The CRM's field for each of ours, and its value. What is absent in the log is cleared in the CRM. */
const fields: { readonly [Name in keyof CallLog]?: (log: CallLog) => Readonly<Record<string, unknown>> } = {
${Object.entries(fieldLines(shape)).map(([name, line]) => `  ${name}: log => (${line}),`).join('\n')}${has('fields') ? '\n  fields: log => ({ fields: log.fields ?? {} }),' : ''}
}

export const fromCallLog = (log: CallLog, names: readonly (keyof CallLog)[]): Record<string, unknown> =>
  Object.assign({}, ...names.map(name => fields[name]?.(log)))

export const allFields = Object.keys(fields) as (keyof CallLog)[]`,
    fields.subject !== undefined && `
${isMadeOfOthers ? `/** A subject of the log's own does not change with the rest, and people may have edited it in the CRM. */
const madeSubject = (log: CallLog): Record<string, string> => log.subject === undefined ? { ${keyOf(fields.subject)}: subjectOf(log) } : {}

` : ''}function subjectOf({ subject, direction, from, to, result }: CallLog): string {
  if (subject !== undefined) return subject
  const other = direction === 'inbound' ? from : to
  const kind = result === 'missed' ? 'Missed call' : direction === 'inbound' ? 'Incoming call' : 'Outgoing call'
  return \`\${kind} \${direction === 'inbound' ? 'from' : 'to'} \${other.name ?? other.number}\`
}`,
    hasTwoNames && `
const fullName = (...names: readonly (string | null | undefined)[]): string => names.filter(name => name != null && name !== '').join(' ')`,
    contacts.name.kind === 'two' && `
/** The last word is the last name. */
function twoNames(name: string): { ${keyOf(contacts.name.first)}: string; ${keyOf(contacts.name.last)}: string } {
  const end = name.lastIndexOf(' ')
  return { ${keyOf(contacts.name.first)}: end === -1 ? '' : name.slice(0, end), ${keyOf(contacts.name.last)}: name.slice(end + 1) }
}`,
  ]) + '\n'
}

function fieldLines({ activities, contacts }: ApiShape): Partial<Record<ActivityMember, string>> {
  const { fields } = activities
  const made = fields.subject === undefined ? '' : ', ...madeSubject(log)'
  const hasDirections = activities.directions.inbound !== 'inbound'
  const lines: { readonly [Name in ActivityMember]: (key: string) => string } = {
    externalId: key => `{ ${key}: log.externalId }`,
    contactId: key => contacts.id.isNumber ? `{ ${key}: log.contactId === undefined ? null : Number(log.contactId) }` : `{ ${key}: log.contactId ?? null }`,
    direction: key => `{ ${key}: ${hasDirections ? 'directions[log.direction]' : 'log.direction'} }`,
    from: key => `{ ${key}: log.from.number${made} }`,
    to: key => `{ ${key}: log.to.number${made} }`,
    startedAt: key => `{ ${key}: log.startedAt }`,
    durationSeconds: key => `{ ${key}: log.durationSeconds ?? null }`,
    result: key => `{ ${key}: log.result ?? null${made} }`,
    subject: key => `{ ${key}: subjectOf(log) }`,
    body: key => `{ ${key}: log.body ?? '' }`,
    disposition: key => `{ ${key}: log.disposition ?? null }`,
    recordingUrl: key => `{ ${key}: log.recordingUrl ?? null }`,
  }
  // The keys of a mapped object are its own.
  return Object.fromEntries((Object.keys(lines) as ActivityMember[]).flatMap(name => {
    const field = fields[name]
    return field === undefined ? [] : [[name, lines[name](keyOf(field))]]
  }))
}

const nameFrom = (name: NameShape): string =>
  name.kind === 'one' ? memberOf('record', name.field) : `fullName(${memberOf('record', name.first)}, ${memberOf('record', name.last)})`

function phonesFrom(phones: PhonesShape): string {
  switch (phones.kind) {
    case 'objects': {
      const label = phones.label === null ? '' : `, ...(${memberOf('each', phones.label)} == null ? {} : { label: ${memberOf('each', phones.label)} })`
      return `${memberOf('record', phones.field)}.map(each => ({ number: ${memberOf('each', phones.number)}${label} }))`
    }
    case 'texts': return `${memberOf('record', phones.field)}.map(number => ({ number }))`
    case 'fields': {
      const pairs = phones.fields.map(field => `[${quoted(field)}, ${memberOf('record', field)}]`).join(', ')
      return `([${pairs}] as const).flatMap(([label, number]) => number == null || number === '' ? [] : [{ label, number }])`
    }
  }
}

function phonesTo(phones: PhonesShape): string {
  switch (phones.kind) {
    case 'objects': {
      const label = phones.label === null ? '' : `, ${keyOf(phones.label)}: input.phoneLabel ?? 'work'`
      return `${keyOf(phones.field)}: [{ ${keyOf(phones.number)}: input.phone${label} }]`
    }
    case 'texts': return `${keyOf(phones.field)}: [input.phone]`
    case 'fields': return `${keyOf(phones.fields[0] ?? 'phone')}: input.phone`
  }
}
