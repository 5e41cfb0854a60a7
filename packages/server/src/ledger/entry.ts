import type { ActivityRef, CallbackInput, CallLogInput, ContactId, MessageLogInput, ProblemCode } from '@linefinder/core'
import type { CallLogStatus } from '@linefinder/core/api'

export interface Contents {
  call: CallLogInput
  message: MessageLogInput
  callback: CallbackInput
}
export type EntryKind = keyof Contents
export type EntryContent = Contents[EntryKind]

/** What names an entry of its kind within a CRM account. */
export interface EntryKey {
  readonly phoneSystem: string
  /** The id of the call, of the conversation or of the callback. */
  readonly key: string
  /** Of a call: empty unless it was split between agents. Of a conversation: the day. Of a callback: empty until it is removed, which frees its key. */
  readonly part: string
}

/** Within whose entries a statement works. */
export interface EntryOwner {
  readonly tenantId: string
  readonly crmAccountId: string
  /** `null`: the shared connection, which logs without an agent. */
  readonly agentId: string | null
}

/** Whose record an entry belongs on, and why. */
export interface Resolution {
  /** `null`: nobody's. */
  readonly contactId: ContactId | null
  /** `given` by the client; the `only` one with the number; chosen by the installation's `rule`; `created` for it; `nobody` has it; `ambiguous`: somebody has to choose. */
  readonly how: 'given' | 'only' | 'rule' | 'created' | 'nobody' | 'ambiguous'
  /** Which rule. */
  readonly rule?: string
  /** Everyone with the number, best first. */
  readonly candidates: readonly ContactId[]
  /** Who was asked. */
  readonly source: 'directory' | 'crm' | 'remembered' | null
  /** RFC 3339. */
  readonly at: string
}

/** A recording that could not be copied into the CRM, yet or at all. */
export interface RecordingIssue {
  readonly url: string
  readonly code: 'recording_failed' | 'recording_refused'
  readonly detail: string
  readonly attempts: number
  /** Only another address is tried. */
  readonly isFinal: boolean
  /** RFC 3339. */
  readonly at: string
}

/** Of an entry that an import made: what it knew beside where the CRM has it. */
export interface Imported {
  /** On the activity already. */
  readonly messageIds?: readonly string[]
}

/** A row of the ledger. */
export interface Entry<Kind extends EntryKind = EntryKind> extends EntryKey, EntryOwner {
  readonly id: string
  readonly kind: Kind
  readonly connectionId: string
  readonly content: Contents[Kind]
  readonly version: number
  readonly deliveredVersion: number
  readonly activity: ActivityRef | null
  readonly resolution: Resolution | null
  /** The address of the recording that was copied into the CRM last. */
  readonly deliveredRecording: string | null
  readonly recordingIssue: RecordingIssue | null
  readonly status: CallLogStatus
  /** Since the last delivery that succeeded. */
  readonly attempts: number
  /** When it is tried again by itself. `null`: it is delivered, failed, or waits for its connection. */
  readonly nextAttemptAt: Date | null
  readonly lastErrorCode: ProblemCode | null
  readonly lastErrorAt: Date | null
  readonly lastErrorDetail: string | null
  /** When the call started, the day begins, the callback is due. */
  readonly occursAt: Date
  /** Only the key is left. */
  readonly contentDeletedAt: Date | null
  /** Then what the CRM has on it was never known here. */
  readonly imported: Imported | null
  readonly deliveredAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The columns of `Entry`. */
export const entryColumns = `
  id, kind, tenant_id AS "tenantId", crm_account_id AS "crmAccountId", phone_system AS "phoneSystem", key, part,
  agent_id AS "agentId", connection_id AS "connectionId", content, version, delivered_version AS "deliveredVersion",
  activity, resolution, delivered_recording AS "deliveredRecording", recording_issue AS "recordingIssue", status, attempts, next_attempt_at AS "nextAttemptAt", last_error_code AS "lastErrorCode", last_error_at AS "lastErrorAt", last_error_detail AS "lastErrorDetail",
  occurs_at AS "occursAt", content_deleted_at AS "contentDeletedAt", imported, delivered_at AS "deliveredAt", created_at AS "createdAt", updated_at AS "updatedAt"`

/** Statements that lock several rows lock them in this order, so that none waits for one that waits for it. */
export const inLockOrder = 'tenant_id, crm_account_id, phone_system, key, part, kind'

export const isOfKind = <Kind extends EntryKind>(entry: Entry, kind: Kind): entry is Entry<Kind> => entry.kind === kind
