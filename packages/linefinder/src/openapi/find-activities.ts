import { callResult } from '@linefinder/core'
import type { ActivityMember } from '../new-adapter/api-shape.js'
import { collectionsOf, type Collection } from './collections.js'
import { firstFitting, spelledAlike } from './field-words.js'
import type { ApiDocument } from './read-document.js'
import type { JsonSchema } from './schemas.js'

const nouns: readonly (readonly [RegExp, number])[] = [
  [/^(phone_?)?calls?(_?logs?)?$/, 12], [/^activit(y|ies)$/, 10], [/^(interactions?|engagements?|communications?)$/, 9], [/^(events?|timeline)$/, 6], [/^notes?$/, 5], [/^tasks?$/, 3],
]

/** The collection in which calls are kept best: one that can be added to, and whose name says so. */
export function findActivities(document: ApiDocument): Collection | null {
  const candidates = collectionsOf(document).flatMap(collection => {
    const known = nouns.find(([pattern]) => pattern.test(spelledAlike(collection.noun)))?.[1]
    if (known === undefined || collection.create === null) return []
    return [{ collection, points: known + (collection.patch ?? collection.put ? 2 : 0) }]
  })
  return candidates.sort((a, b) => b.points - a.points)[0]?.collection ?? null
}

interface Wanted {
  readonly patterns: readonly RegExp[]
  /** Kinds of value that it may be; empty kinds are those that the document does not say. */
  readonly types: readonly string[]
}

const text = ['string', '']
const wanted: { readonly [Name in ActivityMember]: Wanted } = {
  externalId: { patterns: [/^external_?(id|ref|reference|key)$/, /^(reference|client_?ref(erence)?)$/], types: text },
  contactId: { patterns: [/^(contact|person|people|customer|client|lead)_?id$/, /^(contact|person|customer|client|lead|who|related_to)$/, /^(account|company)_?id$/], types: ['string', 'integer', 'number', ''] },
  direction: { patterns: [/^(call_?)?direction$/], types: text },
  from: { patterns: [/^from(_?(number|phone))?$/, /^(caller|source|calling)(_?(id|number|phone))?$/], types: text },
  to: { patterns: [/^to(_?(number|phone))?$/, /^(callee|called|destination)(_?(number|phone))?$/], types: text },
  startedAt: { patterns: [/^start(ed)?(_?(at|on|time|date))?$/, /^(occurred|called|happened)_?(at|on)$/, /^(call_?|activity_?)?(date|time|date_?time|timestamp)$/], types: text },
  durationSeconds: { patterns: [/^(call_?)?duration(_?(in_?)?(s|secs?|seconds))?$/, /^talk_?time$/, /^(call_?|talk_?)?seconds$/], types: ['integer', 'number'] },
  result: { patterns: [/^(call_?)?result$/], types: text },
  subject: { patterns: [/^(subject|title)$/, /^(name|summary)$/], types: text },
  body: { patterns: [/^(body|notes?|description)$/, /^(text|comments?|content|details|message)$/], types: text },
  disposition: { patterns: [/disposition$/, /^outcome$/], types: text },
  recordingUrl: { patterns: [/^(call_?)?recording(_?(url|link))?$/], types: text },
}

/** Which field of a call record takes which member of ours. A field with other words than ours is left out. */
export function activityFieldsIn(body: JsonSchema, { schemas }: ApiDocument): Partial<Record<ActivityMember, string>> {
  const properties = schemas.properties(body)
  const found: Partial<Record<ActivityMember, string>> = {}
  const taken = new Set<string>()
  // The keys of a mapped object are its own.
  for (const member of Object.keys(wanted) as ActivityMember[]) {
    const { patterns, types } = wanted[member]
    const free = [...properties].flatMap(([name, schema]) => !taken.has(name) && types.includes(schemas.typeOf(schema)) && takes(member, schemas.choices(schema)) ? [name] : [])
    const field = firstFitting(free, patterns)
    if (field === null) continue
    taken.add(field)
    found[member] = field
  }
  return found
}

/** Whether a field of these choices can hold what we have to say. */
function takes(member: ActivityMember, choices: readonly string[]): boolean {
  if (choices.length === 0) return true
  if (member === 'direction') return directionsIn(choices) !== null
  return member === 'result' && callResult.options.every(result => choices.includes(result))
}

export function directionsIn(choices: readonly string[]): { readonly inbound: string; readonly outbound: string } | null {
  const inbound = choices.find(choice => /^in/i.test(choice))
  const outbound = choices.find(choice => /^out/i.test(choice))
  return inbound === undefined || outbound === undefined ? null : { inbound, outbound }
}
