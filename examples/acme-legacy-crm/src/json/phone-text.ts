/** Areas of three digits; mobile numbers have two, all others four. */
const shortAreas = /^0(1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7\d)/

/** `+31413741741` as it is kept, `0413/741741`; `null` for what is no number of the Netherlands. */
export function toKept(phone: string): string | null {
  const national = /^\+31[1-9]\d{8}$/.test(phone) ? `0${phone.slice(3)}` : null
  if (national === null) return null
  const length = national.startsWith('06') ? 2 : shortAreas.test(national) ? 3 : 4
  return `${national.slice(0, length)}/${national.slice(length)}`
}

/** `0413/741741` as `+31413741741`, and `0044/2079460018` as `+442079460018`. */
export function toInternational(kept: string): string {
  const digits = kept.replace('/', '')
  return digits.startsWith('00') ? `+${digits.slice(2)}` : `+31${digits.slice(1)}`
}
