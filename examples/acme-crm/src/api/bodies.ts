import { z } from 'zod'
import { activityTypes, directions, taskStatuses } from '../crm/activities.js'
import type { Phone } from '../crm/phone-digits.js'

const shortText = z.string().trim().max(200)
const longText = z.string().max(20_000)
/** A day of messages is one activity. */
const veryLongText = z.string().max(1_000_000)

const phones = z.array(z.object({
  label: shortText.default('work'),
  number: shortText.min(1, 'A phone needs a number'),
})).max(20)

const personFields = z.object({
  /** Split at the first space when there is neither a first nor a last name. */
  name: shortText,
  first_name: shortText,
  last_name: shortText,
  email: shortText.nullable(),
  title: shortText.nullable(),
  company_id: z.string().nullable(),
  phones,
})

const needsNameOrPhone = { path: ['name'], message: 'A person needs a name or a phone' }

export const newPerson = personFields.partial().transform((input) => ({
  ...toNewPerson(input),
  company_id: input.company_id ?? null,
})).refine(hasNameOrPhone, needsNameOrPhone)

/** An id of the caller's own begins with a letter after `p_`, and so is none that Acme will give. */
const ownId = z.string().regex(/^p_[a-z][\w-]{0,60}$/, 'An id of your own is p_, a letter, and letters, digits, _ or -')

export const bulkPeople = z.array(
  personFields.omit({ company_id: true }).extend({ id: ownId }).partial().transform((input) => ({
    ...toNewPerson(input),
    id: input.id ?? null,
  })).refine(hasNameOrPhone, needsNameOrPhone),
).min(1).max(10_000).refine((people) => {
  const ids = people.flatMap(({ id }) => id === null ? [] : [id])
  return new Set(ids).size === ids.length
}, 'An id may come once')

export const personChanges = personFields.partial().transform(({ name, ...changes }) =>
  withoutAbsent(name === undefined ? changes : { ...changes, ...namesOf({ ...changes, name }) }))

export const newCompany = z.object({ name: shortText.min(1, 'A company needs a name'), phones: phones.default([]) })

export const newNote = z.object({ body: longText.min(1, 'A note needs a text') })

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const activityFields = z.object({
  type: z.enum(activityTypes),
  person_id: z.string().nullable(),
  /** Whose activity it is; the caller's own when absent. */
  user_id: z.string(),
  subject: z.string().max(500),
  body: veryLongText,
  direction: z.enum(directions).nullable(),
  from_number: shortText.nullable(),
  to_number: shortText.nullable(),
  started_at: time.nullable(),
  duration_seconds: z.number().int().min(0).nullable(),
  result: shortText.nullable(),
  disposition: shortText.nullable(),
  recording_url: z.url().nullable(),
  /** Replaced as a whole. */
  fields: z.record(z.string(), z.union([z.string().max(1000), z.number(), z.boolean()])),
  external_id: shortText.nullable(),
  due_at: time.nullable(),
  status: z.enum(taskStatuses).nullable(),
})

export const newActivity = activityFields.partial().required({ type: true }).transform((input) => ({
  type: input.type,
  person_id: input.person_id ?? null,
  user_id: input.user_id,
  subject: input.subject ?? '',
  body: input.body ?? '',
  direction: input.direction ?? null,
  from_number: input.from_number ?? null,
  to_number: input.to_number ?? null,
  started_at: input.started_at ?? null,
  duration_seconds: input.duration_seconds ?? null,
  result: input.result ?? null,
  disposition: input.disposition ?? null,
  recording_url: input.recording_url ?? null,
  external_id: input.external_id ?? null,
  fields: input.fields ?? {},
  due_at: input.due_at ?? null,
  status: input.status ?? (input.type === 'task' ? 'open' as const : null),
}))

export const activityChanges = activityFields.partial().transform(withoutAbsent)

interface NewPerson extends Names {
  readonly email?: string | null | undefined
  readonly title?: string | null | undefined
  readonly phones?: readonly Phone[] | undefined
}

function toNewPerson(input: NewPerson) {
  return { ...namesOf(input), email: input.email ?? null, title: input.title ?? null, phones: input.phones ?? [] }
}

function hasNameOrPhone({ first_name, last_name, phones }: ReturnType<typeof toNewPerson>): boolean {
  return first_name !== '' || last_name !== '' || phones.length > 0
}

interface Names {
  readonly name?: string | undefined
  readonly first_name?: string | undefined
  readonly last_name?: string | undefined
}

function namesOf({ name, first_name, last_name }: Names): { first_name: string; last_name: string } {
  if (first_name !== undefined || last_name !== undefined || name === undefined) {
    return { first_name: first_name ?? '', last_name: last_name ?? '' }
  }
  const [first = '', ...rest] = name.split(/\s+/)
  return { first_name: first, last_name: rest.join(' ') }
}

type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }

function withoutAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  // True because exactly the undefined values are left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}
