import { isCountry, type PhoneOptions } from '@linefinder/core/phone'

/**
 * By what an installation's numbers are read: its settings `country`, `areaCode`, `internationalPrefix`, `ownNumbers` and
 * `extensionLengths`. Whatever is not as it must be counts as not set: settings are also an adapter's own, and a lookup must not fail by them.
 */
export function phoneOptionsOf(settings: Readonly<Record<string, unknown>>): PhoneOptions {
  const { country, areaCode, internationalPrefix, ownNumbers, extensionLengths } = settings
  return {
    country: typeof country === 'string' && isCountry(country) ? country : undefined,
    areaCode: isDigits(areaCode) ? areaCode : undefined,
    internationalPrefix: isDigits(internationalPrefix) ? internationalPrefix : undefined,
    ownNumbers: isListOf(ownNumbers, isText) ? ownNumbers : undefined,
    extensionLengths: isListOf(extensionLengths, isLength) ? extensionLengths : undefined,
  }
}

/** The same for a number of another country, where the installation's area code means nothing. */
export const withCountry = (options: PhoneOptions, country: string | undefined): PhoneOptions =>
  country === undefined || country === options.country ? options : { ...options, country, areaCode: undefined }

const isText = (value: unknown): value is string => typeof value === 'string'
const isDigits = (value: unknown): value is string => isText(value) && /^\d+$/.test(value)
const isLength = (value: unknown): value is number => Number.isInteger(value)

const isListOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] =>
  Array.isArray(value) && value.every(isItem)
