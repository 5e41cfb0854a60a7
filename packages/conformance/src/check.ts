import type { Bench } from './bench.js'

export const topics = [
  'contract', 'auth', 'credentials', 'getUserInfo', 'listUsers', 'findContact', 'createContact', 'call logs', 'messages', 'tasks', 'outcomes and fields', 'listContacts',
  'recordings', 'logout', 'errors', 'pacing', 'cancellation', 'concurrency', 'manners',
] as const
export type Topic = (typeof topics)[number]

/** One fact about an adapter. `run` throws when it does not hold, `Limited` or `Absent` when it cannot be told. */
export interface Check {
  readonly topic: Topic
  readonly name: string
  run(bench: Bench): Promise<void>
}

/** The fact cannot be looked at: the author declared a limit, or gave no probe for it. */
export class Limited extends Error {
  override readonly name = 'Limited'
}

/** The fact is about something that this adapter does not offer. */
export class Absent extends Error {
  override readonly name = 'Absent'
}

/** The checks of one topic. */
export const about = (topic: Topic, facts: Readonly<Record<string, (bench: Bench) => Promise<void>>>): Check[] =>
  Object.entries(facts).map(([name, run]) => ({ topic, name, run }))
