/** `24.11.2026 15:04`, which is all that this CRM ever says of a moment. */
export const localTime = (at: number, timeZone: string): string => `${localDay(at, timeZone)} ${partsOf(at, timeZone).join(':')}`

/** `24.11.2026`. */
export function localDay(at: number, timeZone: string): string {
  const [day, month, year] = format(at, timeZone, { day: '2-digit', month: '2-digit', year: 'numeric' }, ['day', 'month', 'year'])
  return `${day ?? ''}.${month ?? ''}.${year ?? ''}`
}

const partsOf = (at: number, timeZone: string): string[] =>
  format(at, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, ['hour', 'minute'])

function format(at: number, timeZone: string, options: Intl.DateTimeFormatOptions, wanted: readonly string[]): string[] {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).formatToParts(at)
  return wanted.map((type) => parts.find((part) => part.type === type)?.value ?? '')
}

/** Whether the text is a day of the calendar, such as `24.11.2026`. */
export function isDay(text: string): boolean {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return day !== undefined && date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1
}

export const isTime = (text: string): boolean => /^\S{10} ([01]\d|2[0-3]):[0-5]\d$/.test(text) && isDay(text.slice(0, 10))

/** Days compare as text once they begin with the year. */
export const sortableDay = (text: string): string => text.split('.').reverse().join('')
