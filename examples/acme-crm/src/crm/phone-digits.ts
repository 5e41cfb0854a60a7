export interface Phone {
  readonly label: string
  readonly number: string
}

/**
 * Acme compares phone numbers by their digits alone, as many CRMs do: (0413) 741-741 is 0413741741,
 * and so is neither +31 413 741 741 nor the same number with an extension behind it.
 */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '')
}

export function digitsOfAll(phones: readonly Phone[]): string[] {
  return phones.map((phone) => digitsOf(phone.number)).filter((digits) => digits !== '')
}
