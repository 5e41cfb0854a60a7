import * as z from 'zod'
import { endpoint } from './endpoint.js'

/** How cleaned numbers are written: `e164`, `digits` (without the plus, for integer columns), `national`, `international` or `rfc3966`. */
export const phoneOutputs = ['e164', 'digits', 'national', 'international', 'rfc3966'] as const

/** One answered line. The line's own `id`, if it had one, comes back with it. */
export const normalizedNumber = z.object({
  /** Of the body, from 1. */
  line: z.int(),
  id: z.union([z.string(), z.number()]).optional(),
  input: z.string().optional(),
  /** In the form asked for, or `null`. */
  number: z.string().nullable(),
  extension: z.string().optional(),
  country: z.string().optional(),
  /** A number that is only possible is written too, and `isValid` says so. */
  isValid: z.boolean().optional(),
  /** Why there is no number. */
  reason: z.string().optional(),
}).meta({ id: 'NormalizedNumber' })
export type NormalizedNumber = z.infer<typeof normalizedNumber>

export const phoneNumbers = {
  normalize: endpoint({
    method: 'POST', path: '/v1/phone-numbers/normalize', tag: 'Phone numbers', access: 'lookup', format: 'ndjson',
    summary: 'Clean phone numbers, any number of them',
    description: 'Reads `application/x-ndjson`, a JSON string or `{"number", "country", "id"}` a line, and answers a line for each non-empty one as it goes. A line that is wrong is answered with its reason and spoils no other.',
    query: z.object({
      country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)').optional()
        .meta({ description: 'Reads numbers without a country code. Default: the installation’s.' }),
      area_code: z.string().regex(/^\d{1,8}$/, 'must be digits').optional().meta({ description: 'Completes local numbers. Without its leading zero.' }),
      output: z.enum(phoneOutputs).default('e164'),
    }),
    output: normalizedNumber,
    errors: [],
  }),
}
