/** Failures of a CRM or of a request to it. On the wire they carry the prefix `crm_`. What each means is in `codes.ts`, which browsers need not load. */
export const crmErrorNames = [
  'unauthorized', 'forbidden', 'not_found', 'conflict', 'rejected', 'unsupported', 'rate_limited', 'unreachable', 'unavailable', 'connection_lost',
  'server_error', 'bad_response', 'timeout', 'address_refused', 'credentials_withheld', 'adapter_fault',
] as const
export type CrmErrorCode = (typeof crmErrorNames)[number]

/** Failures of a request to Linefinder itself. */
export const apiErrorNames = [
  'invalid_json', 'invalid_fields', 'body_too_large', 'unsupported_media_type', 'unauthenticated', 'session_expired', 'needs_reconnect',
  'missing_scope', 'not_found', 'method_not_allowed', 'adapter_not_found', 'installation_not_found', 'client_app_not_found', 'call_log_not_found',
  'message_log_not_found', 'callback_not_found', 'directory_not_found', 'directory_full', 'owned_by_other', 'webhook_not_found', 'contact_ambiguous',
  'recording_failed', 'recording_refused', 'conflict_state', 'discarded', 'content_deleted', 'already_exists', 'in_use', 'installation_disabled',
  'host_not_allowed', 'redirect_not_allowed', 'origin_not_allowed', 'wrong_auth_form', 'login_refused', 'invalid_grant', 'oauth_state_invalid',
  'reconnect_link_invalid', 'other_crm_user', 'oauth_denied', 'properties_missing', 'identity_unproven', 'document_not_found', 'document_invalid', 'documents_full',
  'too_many_requests', 'not_ready', 'internal',
] as const
export type ApiErrorCode = (typeof apiErrorNames)[number]

/** Every code that a problem document can carry. */
export type ProblemCode = ApiErrorCode | `crm_${CrmErrorCode}`

export const problemCodes: readonly ProblemCode[] = [...apiErrorNames, ...crmErrorNames.map(name => `crm_${name}` as const)]
