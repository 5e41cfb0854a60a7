import { describe, expect, it } from '@jest/globals'
import { formatPhone, parsePhone, PhoneFormatError, type PhoneFormat, type ReadPhone } from './index.js'

const dutch = '+31413741741 ext. 204'

describe('formatPhone', () => {
  it.each<[PhoneFormat, string]>([
    ['e164', '+31413741741'],
    ['digits', '31413741741'],
    ['national', '0413 741 741 ext. 204'],
    ['international', '+31 413 741 741 ext. 204'],
    ['rfc3966', 'tel:+31413741741;ext=204'],
    [{ mask: '0###-### ###' }, '0413-741 741'],
  ])('writes %j', (format, expected) => {
    expect(formatPhone(dutch, format)).toBe(expected)
    expect(formatPhone(parsePhone('0413-741741 x204', { country: 'NL' }) as ReadPhone, format)).toBe(expected)
  })

  it('writes by the number’s own country', () => {
    expect(formatPhone('+14155552671', 'national')).toBe('(415) 555-2671')
    expect(formatPhone('+5491123456789', 'national')).toBe('011 15-2345-6789')
    expect(formatPhone('+80012345678', 'international')).toBe('+800 1234 5678')
  })

  it('fills a mask digit by digit', () => {
    expect(formatPhone('+14155552671', { mask: '(###) ###-####' })).toBe('(415) 555-2671')
    expect(formatPhone('+14155552671', { mask: '+1##########' })).toBe('+14155552671')
  })

  const codeOf = (number: string, format: PhoneFormat): string | null => {
    try {
      formatPhone(number, format)
      return null
    } catch (error) {
      return error instanceof PhoneFormatError && error instanceof RangeError ? error.code : 'another'
    }
  }

  it.each<[string, PhoneFormat, string]>([
    ['+31413741741', { mask: '(###) ###-####' }, 'mask_mismatch'],
    ['+14155552671', { mask: '(###) ###-###' }, 'mask_mismatch'],
    ['+14155552671', { mask: '' }, 'mask_mismatch'],
    ['0413741741', 'e164', 'unreadable'],
    ['204', 'national', 'unreadable'],
    ['', 'digits', 'unreadable'],
  ])('throws for %s and %j: %s', (number, format, code) => {
    expect(codeOf(number, format)).toBe(code)
  })
})
