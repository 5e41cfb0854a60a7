import type { Findings } from './findings.js'
import { kindOf, memberOf, type ObjectPlace, type Path, type Place, type StringPlace } from './json-source.js'
import { nearest } from './nearest.js'

/** What a place is called in messages: its last key, or the document. */
const nameOf = (path: Path): string => {
  const key = path.findLast(segment => typeof segment === 'string')
  return key === undefined ? 'The document' : `"${key}"`
}

export function asObject(place: Place | null, findings: Findings, example: string): ObjectPlace | null {
  if (place === null || place.type === 'object') return place
  findings.error('not_an_object', place.path, `${nameOf(place.path)} is ${kindOf(place)}; it must be an object, such as ${example}.`)
  return null
}

/** An empty text is none. */
export function asText(place: Place | null, findings: Findings, example: string): StringPlace | null {
  if (place === null) return null
  if (place.type === 'string' && place.value.trim() !== '') return place
  findings.error('not_a_text', place.path, `${nameOf(place.path)} is ${kindOf(place)}; it must be a text, such as "${example}".`)
  return null
}

export function asBoolean(place: Place | null, findings: Findings): boolean | null {
  if (place === null) return null
  if (place.type === 'boolean') return place.value
  findings.error('not_a_boolean', place.path, `${nameOf(place.path)} is ${kindOf(place)}; it must be true or false.`)
  return null
}

export function asInteger(place: Place | null, findings: Findings, [least, most]: readonly [number, number]): number | null {
  if (place === null) return null
  if (place.type === 'number' && Number.isInteger(place.value) && place.value >= least && place.value <= most) return place.value
  findings.error('not_in_range', place.path, `${nameOf(place.path)} must be a whole number from ${String(least)} to ${String(most)}, without quotes.`)
  return null
}

/** One of these words. Case does not count where `isLoose`. */
export function asChoice<Choice extends string>(place: Place | null, choices: readonly Choice[], findings: Findings, code: string, isLoose = false): Choice | null {
  if (place === null) return null
  const found = place.type === 'string' ? choices.find(choice => choice === place.value || (isLoose && choice.toLowerCase() === place.value.toLowerCase())) : undefined
  if (found !== undefined) return found
  const shown = place.type === 'string' ? `"${place.value}"` : kindOf(place)
  findings.error(code, place.path, `${nameOf(place.path)} is ${shown}; it must be ${choices.length === 1 ? `"${choices[0] ?? ''}"` : `one of ${choices.join(', ')}`}.`, {
    suggestion: suggested(place, choices),
  })
  return null
}

function suggested(place: Place, choices: readonly string[]): string | undefined {
  const like = place.type === 'string' ? nearest(place.value, choices) : undefined
  return like === undefined ? undefined : `"${like}"`
}

/**
 * Tells of keys that are not known: as an error where it is likely a slip, since then something that was meant is missing; otherwise as a
 * warning, since the format may grow. Gives the names that are likely meant.
 */
export function checkKeys(place: ObjectPlace, known: readonly string[], findings: Findings): Set<string> {
  const meant = new Set<string>()
  for (const { key, value } of place.members) {
    if (known.includes(key)) continue
    const suggestion = nearest(key, known.filter(each => memberOf(place, each) === null))
    if (suggestion === undefined) {
      findings.warn('unknown_key', value.path, `"${key}" is not known here and does nothing. Known are ${known.join(', ')}.`, { about: 'key' })
    } else {
      meant.add(suggestion)
      findings.error('unknown_key', value.path, `"${key}" is not known here.`, { about: 'key', suggestion: `"${suggestion}"` })
    }
  }
  return meant
}

/** Tells that a key is missing, unless one that is likely meant for it was told of. */
export function requireKey(place: ObjectPlace, key: string, meant: ReadonlySet<string>, findings: Findings, message: string): void {
  if (memberOf(place, key) !== null || meant.has(key)) return
  findings.error('key_missing', place.path, message, place.path.length === 0 ? {} : { about: 'key' })
}
