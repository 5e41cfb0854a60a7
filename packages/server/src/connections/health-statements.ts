import type { ProblemCode } from '@linefinder/core'
import type { Database } from '../database/database.js'
import type { ConnectionState } from './models.js'

/** What a statement has made of the state. Both are equal when it changed something else. */
export interface Transition {
  readonly id: string
  readonly tenantId: string
  readonly from: ConnectionState
  readonly to: ConnectionState
}

/** Probes of a connection that fails; of one that is well and idle. Each spread by a quarter. */
const soon = `interval '5 minutes' * (0.875 + random() / 4)`
const daily = `interval '1 day' * (0.875 + random() / 4)`

const transition = `connections.id, connections.tenant_id AS "tenantId", before.state AS "from", connections.state AS "to"`

/** The CRM has answered. Nothing comes back when there was nothing to forget, and while a pause runs that the CRM asked for. */
export async function closeBreaker(database: Database, tenantId: string, id: string): Promise<Transition | undefined> {
  const [row] = await database.query<Transition>({
    name: 'close-breaker',
    text: `
      WITH before AS (
        SELECT id, state FROM connections
        WHERE tenant_id = $1 AND id = $2 AND (state = 'degraded' OR state = 'healthy' AND failures > 0)
          AND NOT coalesce(paused_by = 'crm' AND paused_until > now(), false)
        FOR NO KEY UPDATE
      )
      UPDATE connections SET state = 'healthy', failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL,
        state_changed_at = CASE before.state WHEN 'healthy' THEN connections.state_changed_at ELSE now() END, probe_at = now() + ${daily}
      FROM before WHERE connections.id = before.id
      RETURNING ${transition}`,
  }, [tenantId, id])
  return row
}

export interface CountedFailure {
  readonly code: ProblemCode
  /** The CRM wants to be left alone, for so long where it says so. */
  readonly isAskedFor: boolean
  readonly retryAfterMs: number | undefined
}

export interface BreakerFigures {
  /** Failures one after another from which the CRM is left alone. */
  readonly failures: number
  readonly firstPauseSeconds: number
  readonly longestPauseSeconds: number
}

/**
 * The CRM has failed. What was already under way when the pause began does not count again; what fails when the pause is over
 * begins the next one, twice as long.
 */
export async function countFailure(database: Database, tenantId: string, id: string, failure: CountedFailure, figures: BreakerFigures): Promise<Transition | undefined> {
  const [row] = await database.query<Transition>({
    name: 'count-crm-failure',
    text: `
      WITH before AS (
        SELECT id, state, paused_until, failures + CASE WHEN paused_until > now() THEN 0 ELSE 1 END AS failures
        FROM connections WHERE tenant_id = $1 AND id = $2 AND state IN ('healthy', 'degraded')
        FOR NO KEY UPDATE
      ), judged AS (
        SELECT id, state, failures,
          $4::boolean OR coalesce(paused_until <= now(), failures >= $6::int) AS pauses,
          now() + make_interval(secs => coalesce($5::float8,
            least($7::float8 * 2 ^ least(greatest(failures - $6::int, 0), 20), $8::float8 * 0.8) * (1 + random() / 4))) AS until
        FROM before
      )
      UPDATE connections SET
        failures = before.failures,
        state = CASE WHEN pauses THEN 'degraded' ELSE connections.state END,
        state_changed_at = CASE WHEN pauses AND before.state <> 'degraded' THEN now() ELSE state_changed_at END,
        paused_until = CASE WHEN pauses THEN greatest(paused_until, until) ELSE paused_until END,
        paused_by = CASE WHEN NOT pauses THEN paused_by WHEN $4 THEN 'crm' ELSE 'breaker' END,
        trial_until = NULL,
        probe_at = CASE WHEN pauses THEN least(probe_at, now() + ${soon}) ELSE probe_at END,
        last_error_code = $3, last_error_at = now()
      FROM judged before WHERE connections.id = before.id
      RETURNING ${transition}`,
  }, [
    tenantId, id, failure.code, failure.isAskedFor, failure.retryAfterMs === undefined ? null : failure.retryAfterMs / 1000,
    figures.failures, figures.firstPauseSeconds, figures.longestPauseSeconds,
  ])
  return row
}

export interface Standing {
  /** Nothing holds calls back. */
  readonly isOpen: boolean
  readonly isTrial: boolean
  /** The pause is over, and nobody knows yet how the CRM fares. */
  readonly isOver: boolean
  readonly pausedBy: 'crm' | 'breaker' | null
  readonly waitMs: number
}

/** Of all who ask once the pause is over, over all processes, one gets the trial. It is given away again when nothing comes of it. */
export async function askForTrial(database: Database, tenantId: string, id: string, trialSeconds: number, retrySeconds: number): Promise<Standing | undefined> {
  const [row] = await database.query<Standing>({
    name: 'ask-for-trial',
    text: `
      WITH trial AS (
        UPDATE connections SET trial_until = now() + make_interval(secs => $3)
        WHERE tenant_id = $1 AND id = $2 AND paused_until <= now() AND (trial_until IS NULL OR trial_until <= now())
        RETURNING id
      )
      SELECT paused_until IS NULL AS "isOpen", EXISTS (SELECT FROM trial) AS "isTrial", coalesce(paused_until <= now(), false) AS "isOver", paused_by AS "pausedBy",
        (extract(epoch FROM greatest(paused_until - now(), make_interval(secs => $4))) * 1000)::float8 AS "waitMs"
      FROM connections WHERE tenant_id = $1 AND id = $2`,
  }, [tenantId, id, trialSeconds, retrySeconds])
  return row
}

/** Whoever tried found nothing out, so somebody else may. */
export const giveTrialBack = (database: Database, tenantId: string, id: string) => database.query({
  name: 'give-trial-back',
  text: 'UPDATE connections SET trial_until = NULL WHERE tenant_id = $1 AND id = $2 AND trial_until IS NOT NULL',
}, [tenantId, id])

/** What was refused, so that newer credentials are not blamed. */
export type Refused =
  | { readonly version: number }
  /** Of whoever renews them. It is given up, too. */
  | { readonly lease: string }
  /** As `claimProbes` gives it. */
  | { readonly connectedAt: string }

/** The CRM refuses the credentials for good. Nothing comes back when they have changed meanwhile. */
export async function markRefused(database: Database, id: string, refused: Refused): Promise<Transition | undefined> {
  const [row] = await database.query<Transition>({
    name: 'mark-refused',
    text: `
      WITH before AS (
        SELECT id, state FROM connections
        WHERE id = $1 AND state IN ('healthy', 'degraded')
          AND ($2::int IS NULL OR credentials_version = $2) AND ($3::uuid IS NULL OR refreshing_token = $3)
          AND ($4::timestamptz IS NULL OR connected_at = $4)
        FOR NO KEY UPDATE
      )
      UPDATE connections SET state = 'needs_reconnect', state_changed_at = now(), refreshing_until = NULL, refreshing_token = NULL,
        failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL,
        last_error_code = 'needs_reconnect', last_error_at = now(), updated_at = now()
      FROM before WHERE connections.id = before.id
      RETURNING ${transition}`,
  }, [
    id, 'version' in refused ? refused.version : null, 'lease' in refused ? refused.lease : null, 'connectedAt' in refused ? refused.connectedAt : null,
  ])
  return row
}

/** A call was refused although the credentials could be renewed, which may be true of that one record only. */
export const probeSoon = (database: Database, tenantId: string, id: string) => database.query({
  name: 'probe-soon',
  text: `UPDATE connections SET probe_at = now() WHERE tenant_id = $1 AND id = $2 AND state IN ('healthy', 'degraded') AND probe_at > now()`,
}, [tenantId, id])

export interface DueProbe {
  readonly connectionId: string
  readonly tenantId: string
  readonly state: ConnectionState
  /** As PostgreSQL writes it: a `Date` would lose its microseconds. */
  readonly connectedAt: string
}

/** Those that are due, longest overdue first. They are due again later, so that of several processes one asks. */
export const claimProbes = (database: Database, limit: number) => database.query<DueProbe>({
  name: 'claim-probes',
  text: `
    UPDATE connections SET probe_at = now() + CASE state WHEN 'degraded' THEN ${soon} ELSE ${daily} END
    WHERE id IN (
      SELECT id FROM connections WHERE probe_at <= now() AND state IN ('healthy', 'degraded') ORDER BY probe_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id AS "connectionId", tenant_id AS "tenantId", state, connected_at::text AS "connectedAt"`,
}, [limit])
