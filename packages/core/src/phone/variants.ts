import { readPhoneNumber, type PhoneOptions } from './parse.js'

/**
 * What a CRM's phone search compares: `e164` the E.164 text, `exact` the text as typed, `contains` a part of the text as
 * typed, `digits` the digits of both sides, `lastDigits` the last digits of both sides.
 */
export type PhoneSearch = 'e164' | 'exact' | 'contains' | 'digits' | 'lastDigits'

/** National significant numbers agree in their last seven digits however they are written. */
const lastDigitsCount = 7

/** The ordered, distinct spellings under which a CRM may have stored the number. The text itself when it cannot be read. */
export function variants(text: string, search: PhoneSearch, options: PhoneOptions = {}): string[] {
  const number = readPhoneNumber(text, options)
  if (typeof number === 'string') return [text.trim()]

  // An extension would take part in every format below.
  const { ext = '' } = number
  number.setExt('')
  const code = number.countryCallingCode
  const international = number.formatInternational()
  const national = number.formatNational()
  const nationalDigits = digitsOf(national)
  const trunk = nationalDigits.endsWith(number.nationalNumber)
    ? nationalDigits.slice(0, nationalDigits.length - number.nationalNumber.length)
    : ''
  const withExtension = ext === '' ? [] : [`${national} ext. ${ext}`, `${international} ext. ${ext}`]

  switch (search) {
    case 'e164':
      return [number.number]
    case 'exact':
      return distinct([
        number.number, national, international, digitsOf(number.number), nationalDigits,
        `00${digitsOf(number.number)}`, national.replace(/[()]/g, ''), international.replace(/ /g, '-'),
        ...withExtension,
      ])
    case 'contains':
      return distinct([number.nationalNumber, national, international.slice(code.length + 2), number.number])
    case 'digits':
      return distinct([
        digitsOf(number.number), nationalDigits, `${code}${trunk}${number.nationalNumber}`,
        `00${digitsOf(number.number)}`, `00${code}${trunk}${number.nationalNumber}`, number.nationalNumber,
        ...withExtension.map(digitsOf),
      ])
    case 'lastDigits':
      return [number.nationalNumber.slice(-lastDigitsCount)]
  }
}

export const digitsOf = (text: string): string => text.replace(/\D/g, '')

const distinct = (spellings: string[]): string[] => [...new Set(spellings)]
