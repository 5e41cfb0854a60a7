import * as z from 'zod'

/** A number that is asked for, by its contact's index in the book. */
export const numberQuestions = z.object({
  of: z.literal('numbers'),
  /** Indices from here up to, not including, `to`. */
  from: z.int().min(0),
  to: z.int().min(1),
  /** `random`: any, again and again. `once`: one after the other, each once. */
  order: z.enum(['random', 'once']),
  /** Any number of the contact, or always its first. */
  which: z.enum(['any', 'first']),
  seed: z.int(),
  /** Contacts of the book from this index on are nobody's. */
  contacts: z.int(),
  /** Of these the answer must name one as its source; `null` for an answer of the floor, which has none. */
  sources: z.array(z.enum(['directory', 'crm', 'remembered'])).nullable(),
})
export type NumberQuestions = z.infer<typeof numberQuestions>

/** A call log that is written under an id that nobody has used. `seed` is part of the id. `isInCrm`: the answer must say that the CRM has it. */
const callWrites = z.object({ of: z.literal('call writes'), seed: z.int(), isInCrm: z.boolean().optional() })

/** A call log that is read, any of the first `count` stored ones. */
const callReads = z.object({ of: z.literal('call reads'), seed: z.int(), count: z.int().min(1) })

/** The same numbers as App Connect's client asks for them. */
const wireNumbers = numberQuestions.omit({ of: true, sources: true }).extend({ of: z.literal('wire numbers') })
export type WireNumbers = z.infer<typeof wireNumbers>

/** Calls as that client logs them. `isInCrm`: the answer must have the CRM's id of the activity. */
const wireWrites = z.object({ of: z.literal('wire writes'), seed: z.int(), isInCrm: z.boolean() })

export const loadJob = z.object({
  /** Such as `http://127.0.0.1:4000`. */
  url: z.string(),
  /** What stands before the number or the call's id, such as `/v1/contacts?phone=`. */
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  connections: z.int().min(1),
  warmUpSeconds: z.number().min(0),
  /** How long it lasts; or how many requests it has. */
  length: z.union([z.object({ seconds: z.number().positive() }), z.object({ requests: z.int().min(1) })]),
  questions: z.discriminatedUnion('of', [numberQuestions, callWrites, callReads, wireNumbers, wireWrites]),
  /** Whose CPU time is measured. */
  serverPid: z.int(),
})
export type LoadJob = z.infer<typeof loadJob>

export const loadResult = z.object({
  requests: z.int(),
  /** An answer that is wrong, or none. */
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
