import type { phoneOutputs } from '@linefinder/core/api'
import { formatPhone, parsePhone, type PhoneOptions, type ReadPhone } from '@linefinder/core/phone'
import type { Reason } from './reasons.js'

export interface CleanOptions {
  readonly phone: PhoneOptions
  readonly output: (typeof phoneOutputs)[number]
  /** Writes numbers that are of a fitting length, but in no range that is in use. */
  readonly acceptsPossible: boolean
  /** The extension has a place of its own, and is not written with the number. */
  readonly movesExtension: boolean
}

export type Cleaned =
  | { readonly state: 'empty' | 'clean' }
  | { readonly state: 'cleaned'; readonly text: string; readonly extension: string | null }
  | { readonly state: 'left'; readonly reason: Reason }

/**
 * The value in the form asked for, or why it stays. Cleaning what was cleaned finds it `clean`: a form that would be read as
 * another number with the same options is refused. `clean` also means that there is no extension to move.
 */
export function cleanNumber(value: string, options: CleanOptions): Cleaned {
  if (value.trim() === '') return { state: 'empty' }
  const parsed = parsePhone(value, options.phone)
  if (!parsed.ok) return left(parsed.reason)
  if (!parsed.isPossible) return left('wrong_length')
  if (!parsed.isValid && !options.acceptsPossible) return left('only_possible')
  if (parsed.extension !== null && !options.movesExtension && dropsExtension(options)) return left('has_extension')
  const written = options.movesExtension ? { ...parsed, extension: null } : parsed
  const text = write(written, options)
  if (text === value) return { state: 'clean' }
  if (!isReadAs(text, written, options)) return left('not_reversible')
  return { state: 'cleaned', text, extension: options.movesExtension ? parsed.extension : null }
}

const left = (reason: Reason): Cleaned => ({ state: 'left', reason })

const dropsExtension = ({ output }: CleanOptions): boolean => output === 'e164' || output === 'digits'

/** Of another country the national form would lose its country. */
const write = (number: ReadPhone, { output, phone }: CleanOptions): string =>
  formatPhone(number, output === 'national' && number.country !== phone.country ? 'international' : output)

function isReadAs(text: string, { e164, extension }: ReadPhone, { phone }: CleanOptions): boolean {
  const again = parsePhone(text, phone)
  return again.ok && again.e164 === e164 && again.extension === extension
}
