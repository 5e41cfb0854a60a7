import type { Credentials } from '@linefinder/core/http'
import type { EntryKey, Imported as ImportedFacts } from '../ledger/entry.js'

/** A person of another system who is connected to the CRM there. */
export interface ImportedUser {
  /** Names it in the report. */
  readonly label: string
  readonly crmUserId: string
  /** As that system has it; `null` where it knows none. */
  readonly hostname: string | null
  /** As the CRM's auth form has them, or what OAuth gave; `null` for one who is signed out there. */
  readonly credentials: Credentials | null
}

/** Where the CRM has what another system logged. What it says there is not known. */
export interface ImportedLink extends EntryKey, ImportedFacts {
  readonly label: string
  readonly kind: 'call' | 'message'
  readonly crmUserId: string
  /** As that system has it. */
  readonly hostname: string | null
  readonly activityId: string
  readonly contactId: string | null
  readonly occursAt: Date
}

/** What becomes of each, or would. */
export type ImportOutcome =
  /** `connectionId`: of a user who is here, or is now. */
  | { readonly label: string; readonly is: 'new' | 'there' | 'replaced'; readonly connectionId?: string }
  | { readonly label: string; readonly is: 'skipped'; readonly reason: SkipReason }

export type SkipReason =
  /** The installation does not lead agents to that host, or the user has none and the installation several. */
  | 'host_not_allowed'
  /** The credentials lack something that the CRM's auth form asks for. */
  | 'invalid_fields'
  /** Nobody of the installation, nor of what is imported, has that id in the CRM. */
  | 'unknown_user'
  /** Several connections of that host have that id, each of another account of the CRM. */
  | 'ambiguous_user'
  /** The call or the day is logged here already, on another activity. */
  | 'other_activity'
  /** An id is missing, or longer than ids are here. */
  | 'invalid_id'

export interface ImportTarget {
  readonly tenantId: string
  readonly installationId: string
  /** Where everyone is led to, whatever host the other system has for them. Default: that host. */
  readonly host?: string | undefined
  readonly isDryRun: boolean
}
