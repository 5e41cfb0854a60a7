import { parsePhones } from './parse.js'
import type { ParsedPhone, PhoneOptions } from './parsed-phone.js'

/**
 * Whether two spellings name one number: equal in E.164, and not of two different extensions. Of fields with several
 * numbers, any one of each. An internal number is the same as that extension of one of `ownNumbers`. Text that is no number
 * is the same as nothing.
 */
export function samePhone(a: string, b: string, options: PhoneOptions = {}): boolean {
  const others = parsePhones(b, options)
  return parsePhones(a, options).some(first => others.some(second => isSame(first, second)))
}

function isSame(a: ParsedPhone, b: ParsedPhone): boolean {
  if (a.ok && b.ok) return a.e164 === b.e164 && agreeInExtension(a.extension, b.extension)
  return internalOf(a) !== null && internalOf(a) === internalOf(b)
}

/** Equal, or not known of one. */
export const agreeInExtension = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

/** The number inside our own phone system, written alone or behind one of our main lines. */
export const internalOf = (parsed: ParsedPhone): string | null =>
  parsed.ok ? parsed.isOwn ? parsed.extension : null : parsed.extension ?? null
