import * as z from 'zod'

/** A number that is asked for, by its contact's index in the book. */
export const questions = z.object({
  /** Indices from here up to, not including, `to`. */
  from: z.int().min(0),
  to: z.int().min(1),
  /** `random`: any, again and again. `once`: one after the other, each once. */
  order: z.enum(['random', 'once']),
  /** Any number of the contact, or always its first. */
  which: z.enum(['any', 'first']),
  seed: z.int(),
})
export type Questions = z.infer<typeof questions>

export const loadJob = z.object({
  /** Such as `http://127.0.0.1:4000`. */
  url: z.string(),
  /** What stands before the number, such as `/v1/contacts?phone=`. */
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  connections: z.int().min(1),
  warmUpSeconds: z.number().min(0),
  /** How long it lasts; or how many requests it has. */
  length: z.union([z.object({ seconds: z.number().positive() }), z.object({ requests: z.int().min(1) })]),
  questions,
  /** Contacts of the book from this index on are nobody's. */
  contacts: z.int(),
  /** Of these the answer must name one as its source; `null` for an answer of the floor, which has none. */
  sources: z.array(z.enum(['directory', 'crm', 'remembered'])).nullable(),
  /** Whose CPU time is measured. */
  serverPid: z.int(),
})
export type LoadJob = z.infer<typeof loadJob>

export const loadResult = z.object({
  requests: z.int(),
  /** Not 200, not the contact that has the number, or no answer. */
  failed: z.int(),
  firstFailure: z.string().nullable(),
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  /** `null` where the system does not tell. */
  serverCpuMs: z.number().nullable(),
  clientCpuMs: z.number(),
  serverRssBytes: z.number().nullable(),
})
export type LoadResult = z.infer<typeof loadResult>
