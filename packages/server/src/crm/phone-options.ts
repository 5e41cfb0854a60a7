import { z } from 'zod'
import { isCountry, type PhoneOptions } from '@linefinder/core/phone'

const digits = z.string().regex(/^\d+$/)

/** The parts of an installation's settings that numbers are read by. What is not as it should be is left out. */
const phoneSettings = z.object({
  country: z.string().refine(isCountry).optional().catch(undefined),
  areaCode: digits.optional().catch(undefined),
  internationalPrefix: digits.optional().catch(undefined),
  ownNumbers: z.array(z.string()).optional().catch(undefined),
  extensionLengths: z.array(z.int()).optional().catch(undefined),
})

const known = new WeakMap<object, PhoneOptions>()

/** How an installation reads numbers. One object per settings object, so that the engine prepares it once. */
export function phoneOptionsOf(settings: Readonly<Record<string, unknown>>): PhoneOptions {
  const options = known.get(settings) ?? phoneSettings.parse(settings)
  known.set(settings, options)
  return options
}

/** The same for a number of another country, where the installation's area code means nothing. */
export const withCountry = (options: PhoneOptions, country: string | undefined): PhoneOptions =>
  country === undefined || country === options.country ? options : { ...options, country, areaCode: undefined }
