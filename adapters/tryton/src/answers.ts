import { z } from 'zod'

/** SQLite has no truth values of its own. */
const truth = z.union([z.boolean(), z.int()]).transform(Boolean)

/** UTC, as Tryton's JSON writes a time. */
const instant = z.object({
  year: z.int(), month: z.int(), day: z.int(), hour: z.int(), minute: z.int(), second: z.int(), microsecond: z.int(),
}).transform(({ year, month, day, hour, minute, second, microsecond }) =>
  new Date(Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(microsecond / 1000))).toISOString())

/** The same the other way, for conditions. */
export function toInstant(rfc3339: string) {
  const at = new Date(rfc3339)
  return {
    __class__: 'datetime', year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(),
    hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds(), microsecond: at.getUTCMilliseconds() * 1000,
  }
}

export const createdIds = z.tuple([z.int()])
export const nothing = z.unknown()

const mechanism = z.object({ type: z.string(), value: z.string().nullable(), name: z.string().nullable(), active: truth })

/** Only what the adapter reads, for `partyFields`. What belongs to a record is under its field's name and a dot. */
export const party = z.object({
  id: z.int(), name: z.string().nullable(), code: z.string().nullable(), active: truth, create_date: instant.nullable(),
  'contact_mechanisms.': z.array(mechanism),
})
export type Party = z.infer<typeof party>
export const parties = z.array(party)
export const partyFields = [
  'name', 'code', 'active', 'create_date', ...Object.keys(mechanism.shape).map(name => `contact_mechanisms.${name}`),
]

export const notes = z.array(z.object({ id: z.int(), message: z.string().nullable(), resource: z.string() }))
export type Note = z.infer<typeof notes>[number]
export const noteFields = ['message', 'resource']

export const attachments = z.array(z.object({ id: z.int(), description: z.string().nullable() }))

const user = z.object({ id: z.int(), name: z.string().nullable(), login: z.string(), email: z.string().nullable() })
export type User = z.infer<typeof user>
export const oneUser = z.tuple([user])
export const users = z.array(user)
export const userFields = ['name', 'login', 'email']

/** The default of a field that holds the user. */
export const whoAmI = z.object({ user: z.int() })
