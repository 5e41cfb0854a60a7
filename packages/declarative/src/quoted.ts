import { CrmError } from '@linefinder/core'
import type { Scalar } from './scalar.js'

/** What stands around a value in a text of a query language, such as `Phone = '…'`. */
export type Quote = '\'' | '"'

/** What is a phone number, and may be cut down to what numbers consist of. */
const phoneNames: ReadonlySet<string> = new Set(['phone', 'mobile', 'party_number', 'calling_number', 'called_number', 'user_number'])

/**
 * For each part of a text, `null` for a value: the quote of the literal that the value stands in, else `null`. The quotes must be in the
 * document's own text on both sides; an apostrophe behind a letter, as in `don't`, opens nothing.
 */
export function quotesAround(parts: readonly (string | null)[]): (Quote | null)[] {
  let open: Quote | null = null
  let before = ''
  const opened = parts.map(part => {
    if (part === null) {
      before = 'a'
      return open
    }
    for (const character of part) {
      if (open !== null) open = character === open ? null : open
      else if (character === '"' || (character === '\'' && !/[\p{L}\p{N}]/u.test(before))) open = character
      before = character
    }
    return null
  })
  return opened.map((quote, index) =>
    quote !== null && parts.slice(index + 1).some(part => part?.includes(quote) === true) ? quote : null)
}

/**
 * A value that may stand in that literal: a phone number with nothing but its digits and signs, any other as it is. Throws
 * `CrmError('rejected')` for one that would end the literal.
 */
export function checkQuoted(value: Scalar, quote: Quote, name: string): Scalar {
  if (phoneNames.has(name)) return String(value).replace(/[^+0-9*#]/g, '')
  if (typeof value === 'string' && (value.includes(quote) || value.includes('\\'))) {
    throw new CrmError('rejected', { detail: `${name} must not hold ${quote} or \\ here.` })
  }
  return value
}
