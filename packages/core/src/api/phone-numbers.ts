import * as z from 'zod'
import { endpoint } from './endpoint.js'

/** How cleaned numbers are written: `e164`, `digits` (without the plus, for integer columns), `national`, `international` or `rfc3966`. */
export const phoneOutputs = ['e164', 'digits', 'national', 'international', 'rfc3966'] as const

const country = z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')

/** A whole number beyond 2^53 must be text: JSON readers, ours too, would change its last digits. */
const lineId = z.union([z.string().max(1000), z.int()])

/** One line of the body. A number may come from a text column, an integer column, or be absent (`null`). */
export const numberLine = z.union([
  z.string(),
  z.strictObject({ number: z.union([z.string(), z.int(), z.null()]), country: country.optional(), id: lineId.optional() }),
]).meta({ id: 'NumberLine' })
export type NumberLine = z.infer<typeof numberLine>

/**
 * Why there is no number. Of the line: `line_too_long` (over 64 KiB), `invalid_json`, `invalid_fields`. Of the number: see
 * `PhoneFailure` of the phone engine, and `wrong_length` where the country has no number of so many digits.
 */
export const lineFailures = ['line_too_long', 'invalid_json', 'invalid_fields'] as const

/** One answered line. The line's own `id`, if it had one, comes back with it. */
export const normalizedNumber = z.object({
  /** Of the body, from 1. Empty lines count, and are not answered. */
  line: z.int(),
  id: lineId.optional(),
  /** As it was read. Absent where the line is wrong. */
  input: z.string().optional(),
  /** In the form asked for, or `null`. */
  number: z.string().nullable(),
  extension: z.string().optional(),
  country: z.string().optional(),
  /** A number that is only possible is written too, and `isValid` says so. */
  isValid: z.boolean().optional(),
  /** What the number rests on beyond its text, such as `country` or `area_code`. See `Assumption` of the phone engine. */
  assumed: z.array(z.string()).optional(),
  /** Each number of a field that holds several, in the form asked for; `number` is `null` then, since none of them is meant more than another. */
  numbers: z.array(z.string()).optional(),
  /** Why there is no number. See `lineFailures`. */
  reason: z.string().optional(),
}).meta({ id: 'NormalizedNumber' })
export type NormalizedNumber = z.infer<typeof normalizedNumber>

export const phoneNumbers = {
  normalize: endpoint({
    method: 'POST', path: '/v1/phone-numbers/normalize', tag: 'Phone numbers', access: 'lookup', format: 'ndjson',
    summary: 'Clean phone numbers, any number of them',
    description: 'Reads `application/x-ndjson`, a JSON string or `{"number", "country", "id"}` a line, and answers a line for each non-empty one as it goes. A wrong line is answered with its `reason`. A request may take five minutes.',
    query: z.object({
      country: country.optional().meta({ description: 'Reads numbers without a country code. Default: the installation’s.' }),
      area_code: z.string().regex(/^\d{1,8}$/, 'must be digits').optional().meta({ description: 'Completes local numbers. Without its leading zero.' }),
      output: z.enum(phoneOutputs).default('e164'),
    }),
    body: numberLine,
    output: normalizedNumber,
    errors: [],
  }),
}
