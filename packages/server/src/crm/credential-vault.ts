import { randomUUID } from 'node:crypto'
import { CrmError } from '@linefinder/core'
import { credentials, type Credentials, type Held } from '@linefinder/core/http'
import type { ConnectionHealth } from '../connections/connection-health.js'
import type { ConnectionState } from '../connections/models.js'
import { Batch } from '../database/batch.js'
import type { Database } from '../database/database.js'
import type { KeyRing } from '../secrets/key-ring.js'

/** As they stand in the connection's row. */
export interface SealedCredentials {
  readonly credentials: string | null
  readonly version: number
  readonly state: ConnectionState
}

/** Longer than any token endpoint's deadline, so that a lease runs out only when its holder is dead. */
const leaseSeconds = 30
const pollMs = 40

/** The sealed credentials of connections, and the rule that one process at a time renews them. */
export class CredentialVault {
  readonly #renewals = new Map<string, Promise<Held>>()
  /** What was read for many at once is opened once. */
  readonly #opened = new WeakMap<SealedCredentials, Held>()
  /** Deliveries over one connection begin together. */
  readonly #reads: Batch<string, SealedCredentials | undefined>

  constructor(private readonly database: Database, private readonly keyRing: KeyRing, private readonly health: ConnectionHealth) {
    this.#reads = new Batch(connectionId => connectionId, connectionIds => readCredentials(database, connectionIds))
  }

  seal(connectionId: string, held: Credentials): string {
    return this.keyRing.seal(JSON.stringify(held), placeOf(connectionId))
  }

  /**
   * Throws `CrmError('unauthorized')` unless the connection has credentials that the CRM takes, as far as is known. `asRead`: of somebody who has
   * read the row already.
   */
  async read(connectionId: string, asRead?: SealedCredentials): Promise<Held> {
    const row = asRead ?? await this.#reads.find(connectionId)
    if (row?.credentials == null || !isUsable(row.state)) throw new CrmError('unauthorized')
    let held = this.#opened.get(row)
    if (!held) this.#opened.set(row, held = this.#open(connectionId, row.credentials, row.version))
    return held
  }

  /**
   * Credentials newer than `stale`, whoever gets them: of all requests of all processes, one asks the CRM and the others
   * wait for its answer. When the CRM refuses for good, the connection needs to be reconnected.
   */
  async renew(connectionId: string, stale: number, ask: (held: Credentials) => Promise<Credentials>): Promise<Held> {
    const underWay = this.#renewals.get(connectionId)
    if (underWay) {
      const held = await underWay
      return held.version > stale ? held : this.renew(connectionId, stale, ask)
    }
    const renewal = this.#renew(connectionId, stale, ask).finally(() => this.#renewals.delete(connectionId))
    this.#renewals.set(connectionId, renewal)
    return renewal
  }

  async #renew(connectionId: string, stale: number, ask: (held: Credentials) => Promise<Credentials>): Promise<Held> {
    for (;;) {
      const lease = randomUUID()
      const held = await this.#takeLease(connectionId, stale, lease)
      if (held) return this.#renewUnderLease(connectionId, held, lease, ask)
      const current = await this.read(connectionId)
      if (current.version > stale) return current
      await new Promise(resolve => setTimeout(resolve, pollMs))
    }
  }

  async #renewUnderLease(connectionId: string, held: Held, lease: string, ask: (held: Credentials) => Promise<Credentials>): Promise<Held> {
    try {
      const renewed = await ask(held.credentials)
      const [row] = await this.database.query<{ version: number }>({
        name: 'store-renewed-credentials',
        text: `
          UPDATE connections SET credentials = $3, credentials_version = credentials_version + 1,
            refreshing_until = NULL, refreshing_token = NULL, updated_at = now(),
            probe_at = CASE state WHEN 'healthy' THEN now() + interval '1 day' ELSE probe_at END
          WHERE id = $1 AND refreshing_token = $2 AND state IN ('healthy', 'degraded')
          RETURNING credentials_version AS version`,
      }, [connectionId, lease, this.seal(connectionId, renewed)])
      // The lease ran out, or the agent reconnected or left meanwhile: what stands in the row is newer.
      return row ? { credentials: renewed, version: row.version } : await this.read(connectionId)
    } catch (error) {
      if (error instanceof CrmError && error.code === 'unauthorized') await this.health.noteRefused(connectionId, { lease })
      else await this.#releaseLease(connectionId, lease)
      throw error
    }
  }

  /**
   * Keeps `next` in place of those of the version `known`; `null` when they have changed since, or are of no use any more. Whoever renews them
   * is waited for: what the CRM has just given must not be lost.
   */
  async replace(connectionId: string, known: number, next: Credentials): Promise<Held | null> {
    for (;;) {
      const [row] = await this.database.query<{ version: number }>({
        name: 'replace-credentials',
        text: `
          UPDATE connections SET credentials = $3, credentials_version = credentials_version + 1, refreshing_until = NULL, refreshing_token = NULL, updated_at = now()
          WHERE id = $1 AND credentials_version = $2 AND credentials IS NOT NULL AND state IN ('healthy', 'degraded')
            AND (refreshing_until IS NULL OR refreshing_until < now())
          RETURNING credentials_version AS version`,
      }, [connectionId, known, this.seal(connectionId, next)])
      if (row) return { credentials: next, version: row.version }
      const current = await this.#reads.find(connectionId)
      if (current?.credentials == null || !isUsable(current.state) || current.version !== known) return null
      await new Promise(resolve => setTimeout(resolve, pollMs))
    }
  }

  /** For credentials that cannot be renewed. Does nothing when they have changed meanwhile. */
  async markRefused(connectionId: string, version: number): Promise<void> {
    await this.health.noteRefused(connectionId, { version })
  }

  async #takeLease(connectionId: string, stale: number, lease: string): Promise<Held | null> {
    const [row] = await this.database.query<SealedCredentials>({
      name: 'lease-credentials',
      text: `
        UPDATE connections SET refreshing_until = now() + make_interval(secs => $4), refreshing_token = $3
        WHERE id = $1 AND credentials_version = $2 AND state IN ('healthy', 'degraded') AND credentials IS NOT NULL
          AND (refreshing_until IS NULL OR refreshing_until < now())
        RETURNING credentials, credentials_version AS version, state`,
    }, [connectionId, stale, lease, leaseSeconds])
    return row?.credentials == null ? null : this.#open(connectionId, row.credentials, row.version)
  }

  async #releaseLease(connectionId: string, lease: string): Promise<void> {
    await this.database.query({
      name: 'release-credentials',
      text: 'UPDATE connections SET refreshing_until = NULL, refreshing_token = NULL, updated_at = now() WHERE id = $1 AND refreshing_token = $2',
    }, [connectionId, lease])
  }

  #open(connectionId: string, sealed: string, version: number): Held {
    return { credentials: credentials.parse(JSON.parse(this.keyRing.open(sealed, placeOf(connectionId)))), version }
  }
}

async function readCredentials(database: Database, connectionIds: readonly string[]): Promise<(SealedCredentials | undefined)[]> {
  const rows = await database.query<SealedCredentials & { id: string }>({
    name: 'read-credentials',
    text: 'SELECT id, credentials, credentials_version AS version, state FROM connections WHERE id = ANY($1::uuid[])',
  }, [connectionIds])
  return connectionIds.map(wanted => rows.find(({ id }) => id === wanted))
}

const placeOf = (connectionId: string) => ({ table: 'connections', column: 'credentials', rowId: connectionId })

/** How the CRM fares is another matter. */
const isUsable = (state: ConnectionState): boolean => state === 'healthy' || state === 'degraded'
