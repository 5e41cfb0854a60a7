import { z } from 'zod'

/** Only what the adapter reads; Acme sends more. */
export const user = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  timezone: z.string().nullish(),
  account: z.object({ id: z.string(), name: z.string() }),
})

export const users = z.object({ items: z.array(user.pick({ id: true, name: true, email: true })), next_cursor: z.string().nullable() })
export type Users = z.infer<typeof users>

export const person = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string().nullish(),
  email: z.string().nullish(),
  company_name: z.string().nullish(),
  phones: z.array(z.object({ label: z.string(), number: z.string() })),
  created_at: z.string(),
  last_activity_at: z.string().nullish(),
})
export type Person = z.infer<typeof person>

/** All that is left of a person who was deleted. */
const tombstone = z.object({ id: z.string(), deleted_at: z.string() })

export const people = z.object({ items: z.array(z.union([tombstone, person])), next_cursor: z.string().nullish() })
export type People = z.infer<typeof people>

export const activity = z.object({
  id: z.string(),
  subject: z.string(),
  body: z.string(),
  person_id: z.string().nullable(),
  disposition: z.string().nullable(),
})

export const dispositions = z.object({ items: z.array(z.object({ value: z.string(), label: z.string() })) })

export const activityFields = z.object({
  items: z.array(z.object({
    name: z.string(),
    label: z.string(),
    type: z.enum(['text', 'number', 'boolean', 'date', 'select']),
    options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  })),
})
export type ActivityField = z.infer<typeof activityFields>['items'][number]

export const activities = z.object({ items: z.array(activity) })
