/** What the benchmark knows of the server's tables; nothing else of it names a table or a column. */

/** The directory's two tables, the one that others point to first. */
export const directoryTables = ['directory_contacts', 'directory_numbers'] as const

/** Who has a number, by the index that the server has for it. */
export const lookupStatement = {
  name: 'floor-lookup',
  text: `
    SELECT c.contact_id AS id, c.content->>'name' AS name
    FROM directory_numbers n
    JOIN directory_contacts c ON c.directory_id = n.directory_id AND c.contact_id = n.contact_id
    WHERE n.directory_id = $1 AND n.key = $2`,
}

/** `directoryId`: as the API gives it. `e164`: `+` and digits. */
export const lookupValues = (directoryId: string, e164: string): unknown[] => [Number(directoryId), e164]

/** Proves a session token, of which the table holds the SHA-256. */
export const sessionStatement = {
  name: 'floor-session',
  text: `
    SELECT s.expires_at <= now() AS "isExpired", s.client_app_id, a.phone_system, c.id, c.tenant_id, c.crm_account_id, c.state,
      c.crm_user, i.adapter, i.settings, i.enabled
    FROM sessions s
    JOIN client_apps a ON a.id = s.client_app_id
    JOIN connections c ON c.id = s.connection_id
    JOIN installations i ON i.id = c.installation_id
    WHERE s.token_hash = $1`,
}
