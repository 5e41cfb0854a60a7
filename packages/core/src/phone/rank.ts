import { bySurest, matcher, type Match, type MatchKind, type PhoneQuestion } from './match.js'
import type { PhoneOptions } from './parsed-phone.js'

/** A contact, as far as ranking needs it. */
export interface Candidate {
  readonly name: string
  readonly phones: readonly { readonly number: string; readonly label?: string | undefined }[]
  /** RFC 3339, with any offset. What is absent or no time is before all. */
  readonly lastActivityAt?: string | undefined
  /** RFC 3339, likewise. */
  readonly createdAt?: string | undefined
}

export interface Ranked<C extends Candidate> {
  readonly candidate: C
  /** The text as it is stored. */
  readonly matchedNumber: string
  readonly match: MatchKind
}

interface Found<C extends Candidate> {
  readonly candidate: C
  readonly matchedNumber: string
  readonly match: Match
}

/**
 * The candidates that have the number, best first: the same extension when one was asked for, then the latest activity, then
 * the newest record, then the name. Only the surest kind of match that any candidate has; weaker ones are noise beside it.
 * `options` read the stored numbers. `isAmbiguous`: more than one candidate has it, and no extension tells them apart.
 */
export function rank<C extends Candidate>(
  query: PhoneQuestion, candidates: readonly C[], options: PhoneOptions = {},
): { matches: Ranked<C>[]; isAmbiguous: boolean } {
  const match = matcher(query, options)
  const found = candidates.flatMap(candidate => bestOf(candidate, match))
  const surest = found.map(each => each.match).sort(bySurest)[0]
  const matches = found.filter(each => each.match.kind === surest?.kind).sort(byLikelihood)
  return {
    matches: matches.map(each => ({ candidate: each.candidate, matchedNumber: each.matchedNumber, match: each.match.kind })),
    isAmbiguous: matches.filter(each => each.match.hasSameExtension === surest?.hasSameExtension).length > 1,
  }
}

/** A candidate's best-matching number, or []. */
function bestOf<C extends Candidate>(candidate: C, match: (stored: string) => Match | null): Found<C>[] {
  const found = candidate.phones.flatMap(({ number }) => {
    const kind = match(number)
    return kind === null ? [] : [{ candidate, matchedNumber: number, match: kind }]
  })
  return found.sort((a, b) => bySurest(a.match, b.match)).slice(0, 1)
}

/** Names are compared by code unit, so that every machine ranks alike. Sorting keeps the order of what is equal. */
function byLikelihood(a: Found<Candidate>, b: Found<Candidate>): number {
  return bySurest(a.match, b.match)
    || compareNumbers(timeOf(b.candidate.lastActivityAt), timeOf(a.candidate.lastActivityAt))
    || compareNumbers(timeOf(b.candidate.createdAt), timeOf(a.candidate.createdAt))
    || (a.candidate.name < b.candidate.name ? -1 : Number(a.candidate.name > b.candidate.name))
}

/** Subtraction would make no number of two infinities. */
const compareNumbers = (a: number, b: number): number => a < b ? -1 : Number(a > b)

function timeOf(instant: string | undefined): number {
  const time = Date.parse(instant ?? '')
  return Number.isNaN(time) ? -Infinity : time
}
