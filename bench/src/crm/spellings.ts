import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max'

/** A spelling with its last four digits cut out: they stand between the parts. */
type Template = readonly [string, string, string, string, string]

/** The country of the CRM's owner: only its numbers are written without a country code. */
export const homeCountry = 'GB' satisfies CountryCode

/** The ways in which people write numbers of this block, E.164 first. Each one reads as the number in `homeCountry`. */
export function templatesOf(number: PhoneNumber): Template[] {
  const national = number.formatNational()
  const international = number.formatInternational()
  const code = `+${number.countryCallingCode}`
  const significant = international.slice(code.length + 1)
  const abroad = [
    number.number,
    international,
    `${code} ${significant.replaceAll(' ', '-')}`,
    `${code}.${significant.replaceAll(' ', '.')}`,
    `00${number.number.slice(1)}`,
    `00 ${international.slice(1)}`,
    `${code} (${significant.replace(' ', ') ')}`,
    `${code} (0)${significant}`,
  ]
  const atHome = [
    national,
    national.replaceAll(' ', ''),
    national.replaceAll(' ', '-'),
    national.replaceAll(' ', '.'),
    `(${national.replace(' ', ') ')}`,
    ` ${national} `,
  ]
  return [...abroad, ...number.country === homeCountry ? atHome : []]
    .filter(spelling => reads(spelling, number))
    .map(toTemplate)
}

export const spell = (template: Template, tail: string): string =>
  template[0] + tail.charAt(0) + template[1] + tail.charAt(1) + template[2] + tail.charAt(2) + template[3] + tail.charAt(3) + template[4]

const reads = (spelling: string, number: PhoneNumber): boolean =>
  parsePhoneNumberFromString(spelling, homeCountry)?.number === number.number

function toTemplate(spelling: string): Template {
  const [, ...parts] = /^(.*)\d(\D*)\d(\D*)\d(\D*)\d(\D*)$/s.exec(spelling) ?? []
  // A number has more than four digits, so the pattern matches, and it has five groups.
  return parts as unknown as Template
}
