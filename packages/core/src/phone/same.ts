import { parsePhone, type PhoneOptions } from './parse.js'

/**
 * Whether two spellings name one number: equal in E.164, and not of two different extensions. Text that is no number
 * is the same as nothing.
 */
export function samePhone(a: string, b: string, options: PhoneOptions = {}): boolean {
  const first = parsePhone(a, options)
  const second = parsePhone(b, options)
  if (!first.ok || !second.ok || first.e164 !== second.e164) return false
  return first.extension === null || second.extension === null || first.extension === second.extension
}
