import type { AuthScheme } from '@linefinder/core'
import type { ImportedLink, ImportedUser } from '@linefinder/server'
import type { SourceCall, SourceConversation, SourceUser } from './source-rows.js'

export interface Mapping {
  readonly platform: string
  readonly phoneSystem: string
}

/** `null` for an id of another form: who that is in the CRM is not known. By convention it is the CRM's id of its user, a hyphen and the platform. */
export function crmUserIdOf(id: string | null, platform: string): string | null {
  const end = `-${platform}`
  return id !== null && id.endsWith(end) && id.length > end.length ? id.slice(0, -end.length) : null
}

/** A client that did not know its CRM's host says `temp`. */
export const hostOf = (hostname: string | null): string | null =>
  hostname === null || hostname.trim() === '' || hostname === 'temp' ? null : hostname.trim().toLowerCase()

export interface HowPeopleSignIn {
  readonly scheme: AuthScheme
  /** The field of the CRM's form that takes App Connect's API key; `null` where people sign in by OAuth, or anew. */
  readonly keyField: string | null
}

export function toUser({ id, hostname, accessToken, refreshToken, tokenExpiry, additionalInfo }: SourceUser, crmUserId: string, { scheme, keyField }: HowPeopleSignIn): ImportedUser {
  const user = { label: id, crmUserId, hostname: hostOf(hostname) }
  if (accessToken === null || accessToken === '') return { ...user, credentials: null }
  if (scheme.type === 'oauth2') {
    return {
      ...user,
      credentials: {
        type: 'oauth2', accessToken,
        ...(refreshToken === null || refreshToken === '' ? {} : { refreshToken }),
        ...(tokenExpiry === null ? {} : { renewAt: tokenExpiry.getTime() }),
      },
    }
  }
  if (keyField === null || scheme.type === 'custom') return { ...user, credentials: null }
  const others = scheme.fields.flatMap(({ name }) => {
    const value = memberOf(additionalInfo, name)
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return { ...user, credentials: { type: 'fields', fields: { ...Object.fromEntries(others), [keyField]: accessToken } } }
}

/**
 * A session of which one user has several rows is one call here; what is not the first keeps a leg of its own, so that the CRM's record of
 * it stays known.
 */
export function toCallLink(row: SourceCall, crmUserId: string, { phoneSystem }: Mapping): ImportedLink {
  const { id, sessionId, extensionNumber, hashedExtensionId, thirdPartyLogId, contactId, createdAt, hostname, turn } = row
  const leg = [extensionNumber, hashedExtensionId, id].find(each => each !== '') ?? ''
  return {
    label: sessionId, kind: 'call', crmUserId, hostname: hostOf(hostname), phoneSystem, key: sessionId, part: turn === 1 ? '' : `${leg.slice(0, 80)}#${String(turn)}`,
    activityId: thirdPartyLogId ?? '', contactId: contactId === '' ? null : contactId, occursAt: createdAt,
  }
}

export function toMessageLink(row: SourceConversation, crmUserId: string, { phoneSystem }: Mapping): ImportedLink {
  const { conversationLogId, conversationId, messageIds, thirdPartyLogId, createdAt, hostname } = row
  return {
    label: conversationLogId, kind: 'message', crmUserId, hostname: hostOf(hostname), phoneSystem, key: conversationId ?? conversationLogId,
    part: dayOf(conversationLogId, conversationId ?? '', createdAt), activityId: thirdPartyLogId ?? '', contactId: null, occursAt: createdAt, messageIds,
  }
}

/**
 * The client puts the day, as people write it where it runs, behind the conversation's id. Of two ways to read it the one nearer to the
 * time of logging counts; without any, that time.
 */
function dayOf(conversationLogId: string, conversationId: string, loggedAt: Date): string {
  const rest = conversationLogId.startsWith(conversationId) ? conversationLogId.slice(conversationId.length) : conversationLogId
  const [, year, month, day] = /(?:^|\D)(20\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?:\D|$)/.exec(rest) ?? []
  const [, first, second, lastYear] = /(?:^|\D)(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d)(?:\D|$)/.exec(rest) ?? []
  const readings = [dateOf(year, month, day), dateOf(lastYear, first, second), dateOf(lastYear, second, first)].flatMap(date => date ?? [])
  const distance = (date: Date) => Math.abs(date.getTime() - loggedAt.getTime())
  const [nearest = loggedAt] = readings.sort((a, b) => distance(a) - distance(b))
  return nearest.toISOString().slice(0, 10)
}

function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): Date | null {
  const date = new Date(`${String(year)}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}T00:00:00Z`)
  // JavaScript takes 31 April for 1 May.
  return Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day) ? null : date
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
