import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

type Resolve = (name: string) => unknown

/** `lib/util`. Time zones of states come from the connector's own `country-state-city` and `tz-lookup`, where it has them. */
export const createUtil = (requireOwn: Resolve) => ({
  getTimeZone(countryCode: string, stateCode: string): string {
    // Their types are not ours to know: both are the connector's own.
    const { State } = requireOwn('country-state-city') as { State: { getStateByCodeAndCountry(state: string, country: string): { latitude: string; longitude: string } | undefined } }
    const lookUp = requireOwn('tz-lookup') as (latitude: string, longitude: string) => string
    const state = State.getStateByCodeAndCountry(stateCode, countryCode)
    return state ? lookUp(state.latitude, state.longitude) : 'Unknown timezone'
  },
  getHashValue: (text: unknown, secretKey: unknown): string => createHash('sha256').update(`${String(text)}:${String(secretKey)}`).digest('hex'),
  secondsToHoursMinutesSeconds,
  /** The greatest of those that are there, else 0. */
  getMostRecentDate: ({ allDateValues }: { readonly allDateValues: readonly number[] }): number => Math.max(0, ...allDateValues.filter(Boolean)),
  getMediaReaderLinkByPlatformMediaLink: (link: string | null | undefined): string | null =>
    link ? readerPageOf(link) : null,
})

/** RingCentral's page that shows a file to those who sign in there. */
export const readerPageOf = (link: string): string => `https://ringcentral.github.io/ringcentral-media-reader/?media=${encodeURIComponent(link)}`

/** `1 hour, 2 minutes, 3 seconds`. What is no number comes back as it is. */
export function secondsToHoursMinutesSeconds(seconds: unknown): unknown {
  const total = Number(seconds)
  if (Number.isNaN(total)) return seconds
  const parts = [[Math.floor(total / 3600), 'hour'], [Math.floor(total % 3600 / 60), 'minute'], [total % 60, 'second']] as const
  const words = parts.flatMap(([count, unit]) => count > 0 ? [`${String(count)} ${unit}${count > 1 ? 's' : ''}`] : [])
  return words.length === 0 ? '0 seconds' : words.join(', ')
}

/** What a connector's folder can require by itself. */
export const requirerIn = (path: string): Resolve => createRequire(path)
