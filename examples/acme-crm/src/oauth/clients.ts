import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { AdapterPayload } from 'oidc-provider'
import { findRow, type Database } from '../database/open-database.js'

/** A client known from the start options, beside those registered on the Connected apps page. */
export interface ConfiguredClient {
  readonly clientId: string
  /** Absent or empty for a public client, which authenticates by PKCE alone. */
  readonly clientSecret?: string
  readonly redirectUris: readonly string[]
  /** Shown on the consent page; default `Linefinder`. */
  readonly name?: string
}

export interface RegisteredClient {
  readonly client_id: string
  readonly name: string
  readonly is_public: boolean
  readonly redirect_uris: readonly string[]
  readonly created_at: Date
}

export interface NewClient {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly isPublic: boolean
}

export interface ClientDirectory {
  findMetadata(clientId: string): Promise<AdapterPayload | undefined>
  listRegistered(): Promise<RegisteredClient[]>
  /** The only time the secret can be seen; null for a public client. */
  register(client: NewClient): Promise<{ clientId: string; clientSecret: string | null }>
}

interface ClientFacts {
  readonly clientId: string
  readonly name: string
  readonly secretHash: string | null
  readonly redirectUris: readonly string[]
}

export function clientDirectory(database: Database, configured: readonly ConfiguredClient[]): ClientDirectory {
  const fixed = new Map(configured.map((client) => [client.clientId, factsOf(client)]))

  return {
    async findMetadata(clientId) {
      const facts = fixed.get(clientId) ?? (await findRegistered(database, clientId))
      return facts === null ? undefined : toMetadata(facts)
    },

    async listRegistered() {
      const { rows } = await database.query<RegisteredClient>(
        'select client_id, name, secret_hash is null as is_public, redirect_uris, created_at from oauth_clients order by created_at',
      )
      return rows
    },

    async register(client) {
      const clientId = `acme-${randomUUID()}`
      const clientSecret = client.isPublic ? null : randomBytes(32).toString('base64url')
      await database.query(
        'insert into oauth_clients (client_id, name, secret_hash, redirect_uris) values ($1, $2, $3, $4::jsonb)',
        [clientId, client.name, clientSecret && hashSecret(clientSecret), JSON.stringify(client.redirectUris)],
      )
      return { clientId, clientSecret }
    },
  }
}

/** Client secrets are long and random, so a plain hash hides them well enough. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** What makes an address fit to send a code to: https, or http for development and private networks. */
export function isRedirectUri(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.hash === ''
}

function factsOf(client: ConfiguredClient): ClientFacts {
  return {
    clientId: client.clientId,
    name: client.name ?? 'Linefinder',
    secretHash: client.clientSecret ? hashSecret(client.clientSecret) : null,
    redirectUris: client.redirectUris,
  }
}

async function findRegistered(database: Database, clientId: string): Promise<ClientFacts | null> {
  return findRow<ClientFacts>(
    database,
    `select client_id as "clientId", name, secret_hash as "secretHash", redirect_uris as "redirectUris"
     from oauth_clients where client_id = $1`,
    [clientId],
  )
}

function toMetadata({ clientId, name, secretHash, redirectUris }: ClientFacts): AdapterPayload {
  return {
    client_id: clientId,
    client_name: name,
    redirect_uris: [...redirectUris],
    // RFC 8252 §7.3: a `native` client may come back on any port of the loopback address.
    application_type: redirectUris.every(isHttpLoopback) ? 'native' : 'web',
    ...(secretHash === null
      ? { token_endpoint_auth_method: 'none' }
      : { client_secret: secretHash, token_endpoint_auth_method: 'client_secret_basic' }),
  }
}

function isHttpLoopback(uri: string): boolean {
  const { protocol, hostname } = new URL(uri)
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
