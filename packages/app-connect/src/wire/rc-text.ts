import { z } from 'zod'
import type { JsonValue } from '@linefinder/core'

/** An id, which RingCentral writes as text or as a number. */
export const rcId = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(255))

const tokenParam = /([?&])(access_?token|rc_?access_?token|jwt_?token)=[^&#\s"']*&?/gi
const tokenName = /^(rc)?_?(access|refresh|jwt)_?token$/i

/** A link without whatever lets its reader in: RingCentral's client puts its own access token into those of recordings and faxes. */
export const withoutToken = (link: string): string => link.replace(tokenParam, '$1').replace(/[?&](?=#|$)/, '')

/** The same for everything that was sent; members that are nothing but a token are gone. */
export function withoutTokens(value: unknown): JsonValue {
  if (typeof value === 'string') return tokenParam.test(resetting(value)) ? withoutToken(value) : value
  if (Array.isArray(value)) return value.map(withoutTokens)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => tokenName.test(name) || inner === undefined ? [] : [[name, withoutTokens(inner)] as const]))
  }
  return typeof value === 'number' && !Number.isFinite(value) ? null : value as number | boolean | null
}

/** A pattern that is used for all matches remembers where it was. */
function resetting(value: string): string {
  tokenParam.lastIndex = 0
  return value
}

/** A web address, without a token; `undefined` for what is none, such as `(pending...)`. */
export function linkOf(text: string | null | undefined): string | undefined {
  if (text == null || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const link = withoutToken(text)
  return link.length <= 2000 ? link : undefined
}

/** RFC 3339 of what RingCentral gives as milliseconds or as a date. */
export function instantOf(moment: string | number | null | undefined): string | undefined {
  if (moment == null || moment === '') return undefined
  const at = new Date(typeof moment === 'string' && /^\d{9,}$/.test(moment) ? Number(moment) : moment)
  // A year of more than four digits is none that others can read.
  return Number.isNaN(at.getTime()) || !/^\d/.test(at.toISOString()) ? undefined : at.toISOString()
}

/** At most that many UTF-16 units; what is empty is left out. */
export const textOf = (text: string | null | undefined, most: number): string | undefined => text == null || text === '' ? undefined : text.slice(0, most)
