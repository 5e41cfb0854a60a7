import { readInstant, toIso8601Date } from './dates.js'
import type { ParameterType } from './description.js'

/** What a placeholder stands for. */
export type Scalar = string | number | boolean

/** Latest day that a Date can hold. */
const maxInstant = 8.64e15

/** The value as a request carries it. What cannot be turned into the type stays as it is. */
export function toSent(value: Scalar, type: ParameterType): Scalar {
  switch (type) {
    case 'string': return String(value)
    case 'number': return toNumber(value)
    case 'boolean': return toBoolean(value)
    case 'ISO8601Date': return instantOf(value, toIso8601Date)
    case 'RFC3339': return instantOf(value, ms => new Date(ms).toISOString())
  }
}

/** The value as an answer is understood. A time stays as it is written. */
export function toCaptured(value: Scalar, type: ParameterType): Scalar {
  switch (type) {
    case 'number': return toNumber(value)
    case 'boolean': return toBoolean(value)
    default: return String(value)
  }
}

/** An id of more digits than a number holds stays a text. */
function toNumber(value: Scalar): Scalar {
  if (typeof value !== 'string' || !/^-?\d{1,20}(\.\d{1,20})?$/.test(value)) return value
  const number = Number(value)
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number
}

const toBoolean = (value: Scalar): Scalar => value === 'true' ? true : value === 'false' ? false : value

function instantOf(value: Scalar, write: (ms: number) => string): Scalar {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? readInstant(value) : null
  return ms === null || Math.abs(ms) > maxInstant || !Number.isFinite(ms) ? value : write(ms)
}
