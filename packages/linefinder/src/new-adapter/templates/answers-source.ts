import type { AdapterPlan } from '../adapter-plan.js'
import { pagesByCursor } from '../api-facts.js'
import type { IdShape, NameShape, PhonesShape } from '../api-shape.js'
import { joined, keyOf } from '../source-text.js'

/** `src/answers.ts`: what the CRM answers, as far as the adapter reads it. */
export function answersSource({ shape, capabilities }: AdapterPlan): string {
  const { user, users, contacts, activities, auth } = shape
  const { fields } = activities
  const has = (name: Parameters<typeof capabilities.has>[0]) => capabilities.has(name)
  return joined([
    `import { z } from 'zod'

/** Only what the adapter reads. The CRM may send more. */
const userRecord = z.object({
  ${keyOf(user.id.field)}: ${idSchema(user.id)},
  ${nameSchemas(user.name)},
${joined([
  user.email !== null && `  ${keyOf(user.email)}: z.string().nullish(),`,
  user.account?.kind === 'object' && `  ${keyOf(user.account.field)}: z.object({ id: ${anyId}${user.account.name === null ? '' : `, ${keyOf(user.account.name)}: z.string()`} }),`,
  user.account?.kind === 'id' && `  ${keyOf(user.account.field)}: ${anyId},`,
])}
})
export type UserRecord = z.infer<typeof userRecord>
export const user = ${inEnvelope(user.itemKey, 'userRecord')}`,
    has('listUsers') && `export const users = ${inEnvelope(users.listKey, 'z.array(userRecord)')}`,
    `
const contactRecord = z.object({
  ${keyOf(contacts.id.field)}: ${idSchema(contacts.id)},
  ${nameSchemas(contacts.name)},
${joined([contacts.email !== null && `  ${keyOf(contacts.email)}: z.string().nullish(),`, `  ${phoneSchemas(contacts.phones)},`])}
})
export type ContactRecord = z.infer<typeof contactRecord>
export const contact = ${inEnvelope(contacts.itemKey, 'contactRecord')}
export const contacts = ${inEnvelope(contacts.listKey, 'z.array(contactRecord)')}`,
    has('listContacts') && pagesByCursor(contacts) && `
${contacts.deletedFlag === null ? '' : `/** All that is left of a contact who was deleted. */
const deletedContact = z.object({ ${keyOf(contacts.id.field)}: ${idSchema(contacts.id)}, ${keyOf(contacts.deletedFlag)}: z.literal(true) })
`}export const contactPage = z.object({
  ${keyOf(contacts.listKey)}: z.array(${contacts.deletedFlag === null ? 'contactRecord' : 'z.union([deletedContact, contactRecord])'}),
  ${keyOf(contacts.paging.next)}: z.string().nullish(),
})
export type ContactPage = z.infer<typeof contactPage>`,
    `
const activityRecord = z.object({
  ${keyOf(activities.id.field)}: ${idSchema(activities.id)},
${joined([
  fields.externalId !== undefined && `  ${keyOf(fields.externalId)}: z.string().nullish(),`,
  fields.subject !== undefined && `  ${keyOf(fields.subject)}: z.string().nullish(),`,
  fields.body !== undefined && `  ${keyOf(fields.body)}: z.string().nullish(),`,
  fields.contactId !== undefined && `  ${keyOf(fields.contactId)}: ${anyId}.nullish(),`,
  fields.disposition !== undefined && `  ${keyOf(fields.disposition)}: z.string().nullish(),`,
])}
})
export type ActivityRecord = z.infer<typeof activityRecord>
export const activity = ${inEnvelope(activities.itemKey, 'activityRecord')}`,
    (has('findCallLog') || has('findMessageLog') || has('findTask')) && `export const activities = ${inEnvelope(activities.listKey, 'z.array(activityRecord)')}`,
    has('listDispositions') && `
export const dispositions = z.object({ items: z.array(z.object({ value: z.string(), label: z.string() })) })`,
    has('fields') && `
export const activityFields = z.object({
  items: z.array(z.object({ name: z.string(), label: z.string(), options: z.array(z.object({ value: z.string(), label: z.string() })).optional() })),
})`,
    auth.kind === 'custom' && `
export const login = z.object({ session: z.string() })`,
  ]) + '\n'
}

const anyId = 'z.union([z.string(), z.number()]).transform(String)'

const idSchema = ({ isNumber }: IdShape): string => isNumber ? 'z.number().transform(String)' : 'z.string()'

const nameSchemas = (name: NameShape): string => name.kind === 'one'
  ? `${keyOf(name.field)}: z.string()`
  : `${keyOf(name.first)}: z.string().nullish(),\n  ${keyOf(name.last)}: z.string().nullish()`

function phoneSchemas(phones: PhonesShape): string {
  switch (phones.kind) {
    case 'objects': {
      const label = phones.label === null ? '' : `, ${keyOf(phones.label)}: z.string().nullish()`
      return `${keyOf(phones.field)}: z.array(z.object({ ${keyOf(phones.number)}: z.string()${label} }))`
    }
    case 'texts': return `${keyOf(phones.field)}: z.array(z.string())`
    case 'fields': return phones.fields.map(field => `${keyOf(field)}: z.string().nullish()`).join(',\n  ')
  }
}

const inEnvelope = (key: string | null, schema: string): string =>
  key === null ? schema : `z.object({ ${keyOf(key)}: ${schema} }).transform(answer => answer${isPlain(key) ? `.${key}` : `[${keyOf(key)}]`})`

const isPlain = (key: string): boolean => keyOf(key) === key
