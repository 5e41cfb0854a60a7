import { timingSafeEqual } from 'node:crypto'
import type { ConnectionKind } from '../connections/models.js'
import type { Database } from '../database/database.js'
import type { KeyRing } from '../secrets/key-ring.js'
import { hashToken, newToken } from '../secrets/token.js'

/** Where the agent goes back to when all is done. */
export interface FlowClient {
  readonly clientAppId: string
  readonly redirectUri: string
  /** The client's own, given back as it came. */
  readonly state: string
  readonly codeChallenge: string
}

/** One agent on the way to a CRM and back. */
export interface Flow {
  readonly tenantId: string
  readonly installationId: string
  readonly hostname: string
  readonly kind: ConnectionKind
  /** `null` for an admin's shared connection, and for a reconnect link. */
  readonly client: FlowClient | null
  /** Of a link that renews its connection; `null` where one is made, or resumed by whoever it belongs to. */
  readonly reconnectLinkHash: Buffer | null
}

export interface StoredFlow extends Flow {
  /** PKCE towards the CRM, where it takes part. */
  readonly codeVerifier: string | undefined
  readonly browserHash: Buffer
}

interface FlowRow extends Flow {
  sealedVerifier: string | null
  browserHash: Buffer
  isExpired: boolean
}

export const flowMinutes = 10

/** The states of flows under way: single use, stored hashed, each bound to the browser that it began in. */
export class OAuthStateStore {
  constructor(private readonly database: Database, private readonly keyRing: KeyRing) {}

  /** `nonce` is for a cookie of the browser. */
  async create(flow: Flow, codeVerifier: string | undefined): Promise<{ state: string; nonce: string }> {
    await deleteExpiredStates(this.database)
    const [state, nonce] = [newToken(), newToken()]
    const stateHash = hashToken(state)
    await insertState(this.database, [
      stateHash, flow.tenantId, flow.client?.clientAppId ?? null, flow.installationId, flow.hostname, flow.kind,
      flow.client?.redirectUri ?? null, flow.client?.state ?? null, flow.client?.codeChallenge ?? null,
      codeVerifier === undefined ? null : this.keyRing.seal(codeVerifier, verifierPlace(stateHash)),
      hashToken(nonce), flowMinutes, flow.reconnectLinkHash,
    ])
    return { state, nonce }
  }

  /** Uses the state up, whatever comes of it. `null` when it is unknown, used or expired. */
  async take(state: string): Promise<StoredFlow | null> {
    const stateHash = hashToken(state)
    const [row] = await deleteState(this.database, stateHash)
    if (!row || row.isExpired) return null
    const { sealedVerifier, isExpired: _, ...flow } = row
    return { ...flow, codeVerifier: sealedVerifier === null ? undefined : this.keyRing.open(sealedVerifier, verifierPlace(stateHash)) }
  }
}

export const isSameBrowser = (flow: StoredFlow, nonce: string): boolean => timingSafeEqual(hashToken(nonce), flow.browserHash)

const verifierPlace = (stateHash: Buffer) => ({ table: 'oauth_states', column: 'code_verifier', rowId: stateHash.toString('hex') })

const insertState = (database: Database, values: readonly unknown[]) => database.query({
  name: 'insert-oauth-state',
  text: `
    INSERT INTO oauth_states (
      state_hash, tenant_id, client_app_id, installation_id, hostname, kind,
      redirect_uri, client_state, client_code_challenge, code_verifier, browser_hash, expires_at, reconnect_link_hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(mins => $12), $13)`,
}, values)

const deleteState = (database: Database, stateHash: Buffer) => database.query<FlowRow>({
  name: 'take-oauth-state',
  text: `
    DELETE FROM oauth_states WHERE state_hash = $1
    RETURNING tenant_id AS "tenantId", installation_id AS "installationId", hostname, kind, code_verifier AS "sealedVerifier",
      browser_hash AS "browserHash", expires_at <= now() AS "isExpired", reconnect_link_hash AS "reconnectLinkHash",
      CASE WHEN client_app_id IS NOT NULL THEN jsonb_build_object(
        'clientAppId', client_app_id, 'redirectUri', redirect_uri, 'state', client_state, 'codeChallenge', client_code_challenge) END AS client`,
}, [stateHash])

const deleteExpiredStates = (database: Database) => database.query({
  name: 'delete-expired-states',
  text: `
    DELETE FROM oauth_states WHERE state_hash IN (
      SELECT state_hash FROM oauth_states WHERE expires_at <= now() LIMIT 100 FOR UPDATE SKIP LOCKED)`,
}, [])
