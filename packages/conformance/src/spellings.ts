import type { PhoneSearch } from '@linefinder/core/phone'
import { digitsOf, variants, type PhoneOptions } from '@linefinder/core/phone'

/** Ways in which people may have typed the number into the CRM that a search of this kind finds. */
export function findableSpellings(number: string, search: PhoneSearch, options: PhoneOptions): string[] {
  const asked = variants(number, search, options)
  const typed = variants(number, 'exact', options)
  if (search === 'digits') return distinct([...typed.filter(text => asked.includes(digitsOf(text))), ...asked])
  if (search === 'contains') return typed.filter(text => asked.some(part => text.includes(part)))
  if (search === 'lastDigits' || (typeof search === 'object' && 'lastDigits' in search)) {
    return typed.filter(text => asked.some(part => digitsOf(text).endsWith(part)))
  }
  return asked
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)]
