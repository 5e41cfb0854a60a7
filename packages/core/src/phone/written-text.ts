/** Text of more characters is never one number. The library draws the same line. */
export const maxTextLength = 250

/**
 * The text with ASCII digits, dashes, dots and spaces in place of all others, without what cannot be seen and without raised
 * or circled digits, which are notes. Line breaks stay, as `\n`.
 */
export function tidy(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.trim()
  return text
    .replace(/\p{No}/gu, '')
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, '')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?!\n)[\s\p{Cc}]/gu, ' ')
    .replace(/[\p{Pd}\u2043\u2212\u30fc]/gu, '-')
    .replace(/[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u3002]/g, '.')
    .replace(/\p{Nd}/gu, asciiDigit)
    .trim()
}

const isDigit = /^\p{Nd}$/u

/** Unicode has the decimal digits of every script as ten neighbours in order, and no run of digits that is not of whole tens. */
function asciiDigit(digit: string): string {
  if (digit >= '0' && digit <= '9') return digit
  // True: the caller's pattern gives one whole character.
  const code = digit.codePointAt(0) as number
  let first = code
  while (isDigit.test(String.fromCodePoint(first - 1))) first -= 1
  return String((code - first) % 10)
}

/** The ASCII digits of a text, in order. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '')
