import { formatPhone, type ParsedPhone } from '@linefinder/core/phone'

/**
 * The one way in which the CRM keeps a number: `0413/741741`, where `read` takes that for the same number, else `0044/2079460018`. The area code
 * is what the country's people set apart when they write the number. `null` for text that is no number.
 */
export function toPhoneFormat(parsed: ParsedPhone, read: (text: string) => ParsedPhone): string | null {
  if (!parsed.ok) return null
  const number = { ...parsed, extension: null }
  const [area = '', ...rest] = formatPhone(number, 'national').replace(/[()]/g, '').split(/[ -]/)
  const national = `${area}/${rest.join('')}`
  const readBack = read(national)
  if (/^0\d+\/\d+$/.test(national) && readBack.ok && readBack.e164 === parsed.e164) return national
  const [code = ''] = formatPhone(number, 'international').split(' ')
  return `00${code.slice(1)}/${parsed.nationalNumber}`
}
