import type { BodyDateFormat } from '@linefinder/core'
import { oneLine } from './clean-text.js'

export interface MomentOptions {
  /** IANA name. UTC when it is unknown. */
  readonly timeZone: string
  /** BCP 47. en-GB when it is unknown. */
  readonly locale: string
  readonly dateFormat?: BodyDateFormat | undefined
}

export interface Moments {
  /** Date, time and zone; `null` when the text is no date. */
  readonly dateTime: (instant: string) => string | null
  /** Time with seconds, without its zone. */
  readonly time: (instant: string) => string | null
}

/** How instants are written for one body. What Intl needs for it is made when first asked for: it takes longer than all the rest. */
export function momentsIn({ timeZone, locale, dateFormat = 'locale' }: MomentOptions): Moments {
  const zone = once(() => isZone(timeZone) ? timeZone : 'UTC')
  const written = (language: string, options: Intl.DateTimeFormatOptions) =>
    once(() => new Intl.DateTimeFormat(language, { timeZone: zone(), ...options }))
  if (dateFormat === 'locale') {
    const language = knownLocale(locale)
    return {
      dateTime: reading(written(language, {
        year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
      })),
      time: reading(written(language, { hour: 'numeric', minute: '2-digit', second: '2-digit' })),
    }
  }
  const { language, order, hourCycle, hour } = fixedFormats[dateFormat]
  const date = written(language, { year: 'numeric', month: '2-digit', day: '2-digit' })
  const minutes = written(language, { hour, minute: '2-digit', hourCycle })
  const seconds = written(language, { hour, minute: '2-digit', second: '2-digit', hourCycle })
  const zoneName = written('en-GB', { hour: '2-digit', timeZoneName: 'short' })
  return {
    dateTime: instant => {
      const at = new Date(instant)
      if (Number.isNaN(at.getTime())) return null
      return oneLine(`${order(partsOf(date(), at))} ${minutes().format(at)} ${partsOf(zoneName(), at)('timeZoneName')}`)
    },
    time: reading(seconds),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}

type Part = (type: Intl.DateTimeFormatPartTypes) => string

const fixedFormats = {
  iso: { language: 'en-GB', hour: '2-digit', hourCycle: 'h23', order: (part: Part) => `${part('year')}-${part('month')}-${part('day')}` },
  us: { language: 'en-US', hour: 'numeric', hourCycle: 'h12', order: (part: Part) => `${part('month')}/${part('day')}/${part('year')}` },
  eu: { language: 'en-GB', hour: '2-digit', hourCycle: 'h23', order: (part: Part) => `${part('day')}-${part('month')}-${part('year')}` },
} as const

function partsOf(format: Intl.DateTimeFormat, at: Date): Part {
  const parts = format.formatToParts(at)
  return type => parts.find(part => part.type === type)?.value ?? ''
}

const reading = (format: () => Intl.DateTimeFormat) => (instant: string): string | null => {
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? null : oneLine(format().format(at))
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Intl itself would take the machine's own language for an unknown one. */
function knownLocale(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en-GB'
  } catch {
    return 'en-GB'
  }
}

/** `1 h 02 min 03 s`, `2 min 03 s`, `0 s`. */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (hours > 0) return `${hours} h ${twoDigits(minutes)} min ${twoDigits(rest)} s`
  return minutes > 0 ? `${minutes} min ${twoDigits(rest)} s` : `${rest} s`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
