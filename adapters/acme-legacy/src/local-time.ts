/** The CRM writes `24.11.2026 15:04`, in its own zone and without naming it. */
export function toLocalTime(instant: string, timeZone: string): string {
  const { day, month, year, hour, minute } = partsAt(Date.parse(instant), timeZone)
  return `${day}.${month}.${year} ${hour}:${minute}`
}

/** The day before, `23.11.2026`: the CRM knows changes by the day, and its clock is not ours. */
export function toDayBefore(instant: string, timeZone: string): string {
  const { day, month, year } = partsAt(Date.parse(instant), timeZone)
  const before = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) - 1))
  return before.toISOString().slice(0, 10).split('-').reverse().join('.')
}

/**
 * RFC 3339 in UTC; `undefined` when the text is no time. The hour that comes twice in autumn is taken for the first of the two, and one that
 * is left out in spring counts on from the hour before.
 */
export function fromLocalTime(text: string, timeZone: string): string | undefined {
  const [, day, month, year, hour, minute] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d)$/.exec(text) ?? []
  const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
  if (day === undefined || Number.isNaN(asUtc)) return undefined
  // Of the offsets before and after a change of the clock, the larger gives the earlier instant.
  const offsets = [-dayMs, dayMs].map(away => offsetAt(asUtc + away, timeZone)).sort((one, other) => other - one)
  const instant = offsets.map(offset => asUtc - offset).find(at => at + offsetAt(at, timeZone) === asUtc) ?? asUtc - Math.min(...offsets)
  return new Date(instant).toISOString()
}

const dayMs = 86_400_000

function offsetAt(at: number, timeZone: string): number {
  const { day, month, year, hour, minute } = partsAt(at, timeZone)
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) - Math.floor(at / 60_000) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function partsAt(at: number, timeZone: string): Record<'day' | 'month' | 'year' | 'hour' | 'minute', string> {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', {
    timeZone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (name: string): string => parts[name] ?? ''
  return { day: part('day'), month: part('month'), year: part('year'), hour: part('hour'), minute: part('minute') }
}
