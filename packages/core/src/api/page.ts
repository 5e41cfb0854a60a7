import * as z from 'zod'

/** How lists page: pass `nextCursor` back as `cursor`; `null` means the end. */
export const pageQuery = z.object({
  cursor: z.string().max(500).optional().meta({ description: 'nextCursor of the page before.' }),
  limit: z.coerce.number<number | string>().int().min(1).max(200).default(50),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
