import type { AuthScheme } from '@linefinder/core'
import type { ImportedLink, ImportedUser } from '@linefinder/server'
import type { SourceAdministration, SourceCall, SourceConversation, SourceUser } from './source-rows.js'

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

/** As App Connect's surface names days of conversations here, so that its client meets them again. */
export function toMessageLink(row: SourceConversation, crmUserId: string, { phoneSystem }: Mapping): ImportedLink {
  const { conversationLogId, conversationId, messageIds, thirdPartyLogId, createdAt, hostname } = row
  const day = dayIn(conversationLogId)
  const plainIds = messageIds.map(id => withoutContact(id, conversationId ?? ''))
  return {
    label: conversationLogId, kind: 'message', crmUserId, hostname: hostOf(hostname), phoneSystem, key: day === null ? conversationLogId : conversationId ?? conversationLogId,
    part: day ?? createdAt.toISOString().slice(0, 10), activityId: thirdPartyLogId ?? '', contactId: null, occursAt: createdAt,
    messageIds: [...new Set([...messageIds, ...plainIds])],
  }
}

/** The client groups by a conversation and a day of its calendar, `…/3/1/2026`; `null` where the key names no day. */
function dayIn(conversationLogId: string): string | null {
  const [, year, month, day] = /(?:^|\D)(\d{4})-(\d{2})-(\d{2})(?:\D|$)/.exec(conversationLogId) ?? []
  const [, americanMonth, americanDay, lastYear] = /(?:^|\D)(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\D|$)/.exec(conversationLogId) ?? []
  return [`${String(year)}-${String(month)}-${String(day)}`, `${String(lastYear)}-${(americanMonth ?? '').padStart(2, '0')}-${(americanDay ?? '').padStart(2, '0')}`]
    .find(text => !Number.isNaN(Date.parse(`${text}T00:00:00Z`))) ?? null
}

/** Of a conversation with several people App Connect writes the contact behind the ids of both conversation and messages. */
function withoutContact(messageId: string, conversationId: string): string {
  const at = [...messageId.matchAll(/-/g)].map(({ index }) => index).find(index => index > 0 && conversationId.endsWith(messageId.slice(index)))
  return at === undefined ? messageId : messageId.slice(0, at)
}

/** For App Connect's surface here; `null` for nothing. */
export function toAdminSettings({ userSettings, userMappings }: SourceAdministration): Readonly<Record<string, unknown>> | null {
  const settings = toUserSettings(userSettings)
  const mappings = (Array.isArray(userMappings) ? userMappings as readonly unknown[] : []).flatMap(each => {
    const [crmUserId, rcExtensionId] = [memberOf(each, 'crmUserId'), memberOf(each, 'rcExtensionId')]
    return ['string', 'number'].includes(typeof crmUserId) && rcExtensionId != null ? [{ crmUserId: String(crmUserId), rcExtensionId }] : []
  })
  if (settings === null && mappings.length === 0) return null
  return { userSettings: settings ?? {}, ...(mappings.length === 0 ? {} : { userMappings: mappings }) }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined

const looksSecret = /token|secret|password|api_?key/i

/** What somebody has set; `null` for nothing. Whatever is named as a credential stays behind. */
export function toUserSettings(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const settings = Object.entries(value).filter(([name]) => name.length <= 200 && !looksSecret.test(name)).slice(0, 500)
  return settings.length === 0 ? null : Object.fromEntries(settings)
}
