import { firstFitting, spelledAlike } from './field-words.js'
import { collectionsOf, type Collection } from './collections.js'
import { nameIn, phonesIn } from './people.js'
import type { ApiDocument } from './read-document.js'

const nouns: readonly (readonly [RegExp, number])[] = [
  [/^contacts?$/, 12], [/^(people|persons?)$/, 11], [/^(customers?|clients?|debtors?|relations?)$/, 10], [/^(leads?|members?|patients?)$/, 8],
  [/^(accounts?|companies|company|organi[sz]ations?)$/, 5], [/^(users?|employees?|agents?|staff)$/, -20],
]

/** The collection that looks most like one of contacts: its records have a name and numbers. */
export function findContacts(document: ApiDocument): Collection | null {
  const candidates = collectionsOf(document).flatMap(collection => {
    const { record } = collection
    if (record === null || nameIn(record, document.schemas) === null || phonesIn(record, document.schemas) === null) return []
    const known = nouns.find(([pattern]) => pattern.test(spelledAlike(collection.noun)))?.[1] ?? 0
    const points = known + (collection.create === null ? 0 : 3) + (phoneParamOf(collection) === null ? 0 : 3)
    return points < 0 ? [] : [{ collection, points }]
  })
  return candidates.sort((a, b) => b.points - a.points)[0]?.collection ?? null
}

/** The parameter that finds by number, and whether it searches any text. */
export function phoneParamOf({ list }: Collection): { readonly name: string; readonly isTextSearch: boolean } | null {
  const own = firstFitting(list?.queryParams ?? [], [/^(phone|telephone|mobile|tel)(_?number)?$/, /phone|mobile|(^|_)tel($|_)/, /^number$/])
  if (own !== null) return { name: own, isTextSearch: false }
  const text = textParamOf(list?.queryParams ?? [])
  return text === null ? null : { name: text, isTextSearch: true }
}

export const textParamOf = (names: readonly string[]): string | null => firstFitting(names, [/^(q|query|search|text|term|keywords?)$/, /(^|_)search($|_)/])
export const nameParamOf = (names: readonly string[]): string | null => firstFitting(names, [/^(full_)?name$/, /name_?(contains|like)$/])
export const sinceParamOf = (names: readonly string[]): string | null =>
  firstFitting(names, [/^(updated|modified|changed)_?(since|after|from|gte?)$/, /(updated|modified|changed).*(since|after|from|gte?)/, /^since$/])
export const limitParamOf = (names: readonly string[]): string | null => firstFitting(names, [/^(limit|per_?page|page_?size|size|top|max_?results)$/])
export const externalIdParamOf = (names: readonly string[]): string | null => firstFitting(names, [/^external_?(id|ref|reference|key)$/, /^(reference|client_?ref(erence)?)$/])
