import { z } from 'zod'

const text = z.string().nullable()

export const sourceUser = z.object({
  id: z.string(), hostname: text, accessToken: text, refreshToken: text, tokenExpiry: z.date().nullable(), additionalInfo: z.unknown(), userSettings: z.unknown(),
})
export type SourceUser = z.infer<typeof sourceUser>

export const sourceCall = z.object({
  id: z.string(), sessionId: z.string(), extensionNumber: z.string(), hashedExtensionId: z.string(), thirdPartyLogId: text, userId: text, contactId: text,
  createdAt: z.date(), hostname: text,
  /** Of the user's rows with that session, from 1. */
  turn: z.number(),
})
export type SourceCall = z.infer<typeof sourceCall>

/** A day of a conversation: one activity in the CRM. */
export const sourceConversation = z.object({
  conversationLogId: z.string(), conversationId: text, messageIds: z.array(z.string()), thirdPartyLogId: text, userId: text, createdAt: z.date(), hostname: text,
})
export type SourceConversation = z.infer<typeof sourceConversation>

/** What the administrators of one RingCentral account have said, for everybody in it. */
export const sourceAdministration = z.object({
  /** Of the account, hashed with App Connect's `HASH_KEY`. */
  id: z.string(), userSettings: z.unknown(), userMappings: z.unknown(),
})
export type SourceAdministration = z.infer<typeof sourceAdministration>

/** Columns that this reads, by table. */
export const columns = {
  users: ['id', 'hostname', 'platform', 'accessToken', 'refreshToken', 'tokenExpiry', 'platformAdditionalInfo', 'userSettings'],
  callLogs: ['id', 'sessionId', 'platform', 'thirdPartyLogId', 'userId', 'contactId', 'createdAt'],
  messageLogs: ['id', 'platform', 'conversationId', 'conversationLogId', 'thirdPartyLogId', 'userId', 'createdAt'],
  adminConfigs: ['id', 'userSettings'],
} as const
export type SourceTable = keyof typeof columns

/** Versions before 1.7 have none of them, and know a call by its session alone. */
export const newerColumns = ['extensionNumber', 'hashedExtensionId'] as const

export const selectPlatforms = `SELECT platform, count(*)::int AS users FROM users WHERE platform IS NOT NULL GROUP BY platform ORDER BY platform`

export const selectUsers = `
  SELECT id, hostname, "accessToken", "refreshToken", "tokenExpiry", "platformAdditionalInfo" AS "additionalInfo", "userSettings"
  FROM users WHERE platform = $1 ORDER BY id`

/** `has`: which of the newer columns are there. */
export function selectCalls(has: (column: string) => boolean): string {
  const [extension, hashed] = newerColumns.map(name => has(name) ? `coalesce(l."${name}", '')` : `''`)
  const turn = `row_number() OVER (PARTITION BY l."userId", l."sessionId" ORDER BY l."createdAt", l.id, ${String(extension)}, ${String(hashed)})`
  return `
    SELECT l.id, l."sessionId", ${String(extension)} AS "extensionNumber", ${String(hashed)} AS "hashedExtensionId", l."thirdPartyLogId", l."userId", l."contactId",
      l."createdAt", u.hostname, ${turn}::int AS turn
    FROM "callLogs" l LEFT JOIN users u ON u.id = l."userId"
    WHERE l.platform = $1 ORDER BY l."userId", l."sessionId", turn`
}

/** Versions before 1.5 map nobody. */
export const selectAdministrations = (hasMappings: boolean): string =>
  `SELECT id, "userSettings", ${hasMappings ? '"userMappings"' : 'NULL'} AS "userMappings" FROM "adminConfigs" ORDER BY id`

export const selectConversations = `
  SELECT coalesce(l."conversationLogId", l.id) AS "conversationLogId", min(l."conversationId") AS "conversationId", array_agg(l.id ORDER BY l."createdAt", l.id) AS "messageIds",
    (array_agg(l."thirdPartyLogId" ORDER BY l."createdAt", l.id))[1] AS "thirdPartyLogId", l."userId", min(l."createdAt") AS "createdAt", min(u.hostname) AS hostname
  FROM "messageLogs" l LEFT JOIN users u ON u.id = l."userId"
  WHERE l.platform = $1 GROUP BY l."userId", coalesce(l."conversationLogId", l.id) ORDER BY l."userId", 1`
