/** Milliseconds since the epoch as `YYYY-MM-DD HH:mm:ss.SSS`, in UTC. */
export const toIso8601Date = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, -1)

const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/

/** Milliseconds since the epoch of a time as documents write it; without a zone it is UTC. `null` when it is none. */
export function readInstant(text: string): number | null {
  const [, day, time = '00:00', zone = 'Z'] = written.exec(text.trim()) ?? []
  if (day === undefined) return null
  const ms = Date.parse(`${day}T${time}${fullZone(zone)}`)
  return Number.isNaN(ms) ? null : ms
}

const fullZone = (zone: string): string => {
  if (zone === 'Z') return zone
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`
}
