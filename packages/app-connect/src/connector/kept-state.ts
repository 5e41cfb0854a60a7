import * as z from 'zod'
import type { ConnectionState, JsonValue } from '@linefinder/core'
import type { JsonObject } from '../extras.js'

// What was sealed was JSON.
const json = z.record(z.string(), z.custom<JsonValue>())
const text = z.string().nullish()

/** What is kept of an App Connect user beside the credentials of the connection. */
export const keptState = z.looseObject({
  userId: text,
  hostname: text,
  timezoneName: text,
  timezoneOffset: z.union([z.string(), z.number()]).nullish(),
  rcAccountId: text,
  hashedRcExtensionId: text,
  platformAdditionalInfo: json.catch({}).default({}),
  userSettings: json.catch({}).default({}),
  /** Which messages an activity tells already, by its id: the beginnings of the hashes of theirs. */
  toldMessages: z.record(z.string(), z.array(z.string())).catch({}).optional(),
  /** What came with the request to connect; gone once the user is known. */
  connecting: json.optional(),
})
export type KeptState = z.infer<typeof keptState>

export const stateOf = (state: ConnectionState): KeptState => keptState.parse(state)

/** As it is sealed: plain JSON without what is empty. */
export function sealable(state: KeptState): JsonObject {
  const kept = Object.entries(state).filter(([, value]) => value !== undefined && value !== null)
  return JSON.parse(JSON.stringify(Object.fromEntries(kept))) as JsonObject
}
