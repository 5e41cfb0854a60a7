import { z } from 'zod'
import { decodeCursor, type Position } from '../crm/cursor.js'

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const cursor = z.string().transform((text, context): Position => {
  const position = decodeCursor(text)
  if (position !== null) return position
  context.addIssue({ code: 'custom', message: 'Not a cursor that Acme gave' })
  return z.NEVER
})

/** What every list takes. */
export const pageQuery = z.object({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const directoryQuery = pageQuery.extend({
  phone: z.string().optional(),
  name: z.string().optional(),
  updated_since: time.optional(),
}).transform(({ cursor: after, limit, phone, name, updated_since }) => ({ after, limit, phone, name, updatedSince: updated_since }))

export const activitiesQuery = pageQuery.extend({
  person_id: z.string().optional(),
  external_id: z.string().optional(),
  since: time.optional(),
}).transform(({ cursor: after, limit, person_id, external_id, since }) => ({
  after, limit, since, personId: person_id, externalId: external_id,
}))
