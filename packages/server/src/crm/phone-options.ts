import { z } from 'zod'
import type { PhoneOptions } from '@linefinder/core/phone'

/** The parts of an installation's settings that numbers are read by. What is not as it should be is left out. */
const phoneSettings = z.object({
  country: z.string().optional().catch(undefined),
  areaCode: z.string().optional().catch(undefined),
  internationalPrefix: z.string().optional().catch(undefined),
  ownNumbers: z.array(z.string()).optional().catch(undefined),
  extensionLengths: z.array(z.number()).optional().catch(undefined),
})

const known = new WeakMap<object, PhoneOptions>()

/** How an installation reads numbers. One object per settings object, so that the engine prepares it once. */
export function phoneOptionsOf(settings: Readonly<Record<string, unknown>>): PhoneOptions {
  const options = known.get(settings) ?? phoneSettings.parse(settings)
  known.set(settings, options)
  return options
}
