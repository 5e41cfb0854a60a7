import { PhoneNumber } from 'libphonenumber-js/max'
import { isCountry } from './numbering-plan.js'
import type { ReadPhone } from './parsed-phone.js'
import { parsePhone } from './parse.js'

/**
 * `e164` and `digits` (E.164 without `+`, for columns of integers) leave an extension out; `national`, `international` and
 * `rfc3966` (`tel:…;ext=204`) keep it. In `mask` every `#` takes the next digit of the national number, as in
 * `(###) ###-####`; all else stands for itself.
 */
export type PhoneFormat = 'e164' | 'digits' | 'national' | 'international' | 'rfc3966' | { readonly mask: string }

/** `unreadable`: the text is no number of a known country. `mask_mismatch`: the mask has more or fewer `#` than the number has digits. */
export class PhoneFormatError extends RangeError {
  override readonly name = 'PhoneFormatError'
  constructor(readonly code: 'unreadable' | 'mask_mismatch') {
    super(code)
  }
}

/**
 * `number`: as `parsePhone` read it, or text with a country code. Throws `PhoneFormatError`, for a mask too: a number that was
 * cut or filled up would be another number.
 */
export function formatPhone(number: string | ReadPhone, format: PhoneFormat): string {
  const parsed = typeof number === 'string' ? parsePhone(number) : number
  if (!parsed.ok) throw new PhoneFormatError('unreadable')
  if (typeof format !== 'string') {
    const masked = mask(parsed.nationalNumber, format.mask)
    if (masked === null) throw new PhoneFormatError('mask_mismatch')
    return masked
  }
  switch (format) {
    case 'e164':
      return parsed.e164
    case 'digits':
      return parsed.e164.slice(1)
    case 'national':
      return libraryNumber(parsed).formatNational()
    case 'international':
      return libraryNumber(parsed).formatInternational()
    case 'rfc3966':
      return libraryNumber(parsed).getURI()
  }
}

/** `null` when digits and `#` are not equally many. */
export function mask(nationalNumber: string, pattern: string): string | null {
  const places = pattern.split('#')
  if (places.length !== nationalNumber.length + 1) return null
  return places.map((text, index) => `${text}${nationalNumber[index] ?? ''}`).join('')
}

/** The library's own object, which knows each country's ways of writing. */
export function libraryNumber({ e164, country, extension }: ReadPhone): PhoneNumber {
  const number = new PhoneNumber(e164)
  if (country !== undefined && isCountry(country)) number.country = country
  if (extension !== null) number.setExt(extension)
  return number
}
