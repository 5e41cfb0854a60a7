import type { PhoneNumberType } from 'libphonenumber-js/max'

const keys = 'abc2def3ghi4jkl5mno6pqrs7tuv8wxyz9'

/** Words that stand beside a number and are no part of it. */
const labels = /\b(?:home|work|main|cell|mob(?:ile)?|fax|tele?(?:phone|fon)?|phone|office)\b/i

/** The text with the keys of a telephone pressed for its letters, or `null` when it has others than A to Z, or a label. */
export function keyed(text: string): string | null {
  if (!/[a-z]/i.test(text) || labels.test(text)) return null
  const pressed = text.replace(/[a-z]/gi, letter => keys.slice(keys.indexOf(letter.toLowerCase())).replace(/\D/g, '')[0] ?? letter)
  return /^\+?[\d\s().-]+$/.test(pressed) ? pressed : null
}

const spelledTypes: readonly (PhoneNumberType | undefined)[] = ['TOLL_FREE', 'SHARED_COST', 'UAN', 'PREMIUM_RATE']

/** Whether numbers of this kind are given out as words. In North America any may be; elsewhere a word after a mobile number is a note. */
export const isSpelled = (callingCode: string, type: PhoneNumberType | undefined): boolean =>
  type !== undefined && (callingCode === '1' || spelledTypes.includes(type))
