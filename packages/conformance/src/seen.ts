import assert from 'node:assert/strict'
import type { ActivityRef, CallLog } from '@linefinder/core'
import type { Bench } from './bench.js'
import { Limited } from './check.js'
import type { SeenActivity } from './crm-under-test.js'

/** What the CRM itself holds of an activity. Throws when it is not there. */
export async function seenActivity(bench: Bench, { id }: ActivityRef): Promise<SeenActivity> {
  const seen = await bench.probe('readActivity')(id)
  return seen ?? assert.fail('the CRM has no activity of that id')
}

/** A fact that the probe shows. Throws `Limited` when it shows none of the kind. */
export function shown<Name extends keyof SeenActivity>(seen: SeenActivity, name: Name): Exclude<SeenActivity[Name], undefined> {
  const value = seen[name]
  if (value === undefined) throw new Limited(`the probe shows no ${name}`)
  // True because undefined has just been ruled out.
  return value as Exclude<SeenActivity[Name], undefined>
}

/** The note is there as it is; where everything is one text, all of that text. A CRM may clean HTML up, so of that only words are looked for. */
export function assertNote({ adapter: { bodyFormat } }: Bench, seen: SeenActivity, { note = '', body = '' }: Pick<CallLog, 'note' | 'body'>): void {
  const held = shown(seen, 'note') ?? ''
  if (bodyFormat === undefined) assert.equal(held, note)
  else if (bodyFormat === 'html') for (const word of note.match(/\bw[0-9a-f]{12}\b/g) ?? []) assert.ok(held.includes(word), 'a word of the note is missing')
  else assert.ok(held.includes(body.trim()), 'the text is not there as it was composed')
}

export function assertInstant(actual: string | null, expected: string, isCoarse: boolean): void {
  assert.ok(actual !== null, 'there is no time')
  const difference = Math.abs(Date.parse(actual) - Date.parse(expected))
  assert.ok(difference < (isCoarse ? 60_000 : 1000), `it is ${actual}, and should be ${expected}`)
}

/** Everything that the probe shows, but for those. */
export function without(seen: SeenActivity, ...names: readonly (keyof SeenActivity)[]): Partial<SeenActivity> {
  return Object.fromEntries(Object.entries(seen).filter(([name]) => !names.includes(name as keyof SeenActivity)))
}
