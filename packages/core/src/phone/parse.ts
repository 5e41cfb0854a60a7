import { numberInAddress } from './address.js'
import type { ParsedPhone, PhoneFailure, PhoneOptions } from './parsed-phone.js'
import { readOne } from './read-one.js'
import { splitNumbers } from './split.js'
import { maxTextLength, tidy } from './written-text.js'

/** A number of a field, with its own part of the text. */
export interface FieldNumber {
  readonly text: string
  readonly parsed: ParsedPhone
}

/**
 * Reads one number as people and phone systems write it: national or international, with `(0)`, with an extension, with words
 * around it, in any script's digits, in letters, as a `tel:`, `callto:`, SIP or SIPS address. Never throws.
 */
export function parsePhone(text: string, options: PhoneOptions = {}): ParsedPhone {
  const numbers = readField(text, options)
  return numbers.length > 1 ? failure('several_numbers') : numbers[0]?.parsed ?? failure('no_digits')
}

/** Reads a stored field, in which people put several numbers: `030 123456 / 0171 4567890` gives two. One element otherwise. */
export const parsePhones = (text: string, options: PhoneOptions = {}): ParsedPhone[] => readField(text, options).map(({ parsed }) => parsed)

/** Of each number its tidied text, without the address around it. Never empty. */
export function readField(text: string, options: PhoneOptions): FieldNumber[] {
  if (text.length > maxTextLength) return [{ text, parsed: failure('too_long') }]
  // The common number needs no more than this, and it is read a million times when a directory is filled.
  if (plain.test(text)) return [{ text, parsed: readOne(text, options) }]
  const tidied = tidy(text)
  if (tidied.length > maxTextLength) return [{ text: tidied, parsed: failure('too_long') }]
  const addressed = numberInAddress(tidied)
  if (addressed === null) return splitNumbers(tidied, options).map(part => ({ text: part, parsed: readOne(part, options) }))
  const parsed = readOne(addressed, options)
  return [{ text: addressed, parsed: !parsed.ok && parsed.reason === 'no_digits' ? failure('not_a_number') : parsed }]
}

/** The tidied text without the address around it, as the numbers of a field have it. */
export function openedText(text: string): string {
  const tidied = tidy(text.slice(0, maxTextLength))
  return numberInAddress(tidied) ?? tidied
}

const plain = /^[\d ().+-]+$/

const failure = (reason: PhoneFailure): ParsedPhone => ({ ok: false, reason })
