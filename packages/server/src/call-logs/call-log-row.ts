import type { ActivityRef, CallId, CallLogInput, ProblemCode } from '@linefinder/core'
import type { CallLogStatus } from '@linefinder/core/api'

/** What names a call log within a CRM account. */
export interface CallLogKey {
  readonly phoneSystem: string
  readonly callId: CallId
  /** Empty unless the call was split between agents. */
  readonly leg: string
}

/** Within whose call logs a statement works. */
export interface CallLogOwner {
  readonly tenantId: string
  readonly crmAccountId: string
  /** `null`: the shared connection, which logs without an agent. */
  readonly agentId: string | null
}

export interface CallLogRow extends CallLogKey, CallLogOwner {
  readonly id: string
  readonly connectionId: string
  readonly content: CallLogInput
  readonly version: number
  readonly deliveredVersion: number
  readonly activity: ActivityRef | null
  readonly status: CallLogStatus
  /** Since the last delivery that succeeded. */
  readonly attempts: number
  /** When it is tried again by itself. `null`: it is delivered, failed, or waits for its connection. */
  readonly nextAttemptAt: Date | null
  readonly lastErrorCode: ProblemCode | null
  readonly lastErrorAt: Date | null
  readonly startedAt: Date
  readonly deliveredAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The columns of `CallLogRow`. */
export const callLogColumns = `
  id, tenant_id AS "tenantId", crm_account_id AS "crmAccountId", phone_system AS "phoneSystem", call_id AS "callId", leg,
  agent_id AS "agentId", connection_id AS "connectionId", content, version, delivered_version AS "deliveredVersion",
  activity, status, attempts, next_attempt_at AS "nextAttemptAt", last_error_code AS "lastErrorCode", last_error_at AS "lastErrorAt",
  started_at AS "startedAt", delivered_at AS "deliveredAt", created_at AS "createdAt", updated_at AS "updatedAt"`
