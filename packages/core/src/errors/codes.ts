import type { ApiErrorCode, CrmErrorCode, ProblemCode } from './code-names.js'

/** What an error code means, in one place: HTTP status, whether trying again can help, and what to do. */
export interface CodeFacts {
  readonly status: number
  readonly title: string
  /** The same request may succeed later without any change. */
  readonly retryable: boolean
  /** The CRM may have carried the request out although no good answer came. */
  readonly maybeCommitted?: boolean
  readonly advice: string
}

export const crmErrorCodes: Readonly<Record<CrmErrorCode, CodeFacts>> = {
  unauthorized: { status: 401, title: 'The CRM refuses the credentials', retryable: false, advice: 'Connect again.' },
  forbidden: { status: 403, title: 'The CRM user may not do this', retryable: false, advice: 'Ask the CRM’s administrator for the permission.' },
  not_found: { status: 404, title: 'The record does not exist in the CRM', retryable: false, advice: 'Check the id; the record may have been deleted in the CRM.' },
  conflict: { status: 409, title: 'The CRM has a conflicting record', retryable: false, advice: 'Read the record from the CRM, then decide.' },
  rejected: { status: 422, title: 'The CRM rejects the data', retryable: false, advice: 'Change what the CRM names as wrong.' },
  unsupported: { status: 422, title: 'The CRM cannot do this', retryable: false, advice: 'Look at the adapter’s capabilities before asking.' },
  rate_limited: { status: 503, title: 'The CRM limits the number of requests', retryable: true, advice: 'Wait for Retry-After, then try again.' },
  unreachable: { status: 503, title: 'The CRM cannot be reached', retryable: true, advice: 'Try again later; check the host if it never worked.' },
  unavailable: { status: 503, title: 'The CRM is out of service', retryable: true, advice: 'Try again later.' },
  connection_lost: { status: 503, title: 'The connection to the CRM broke', retryable: true, maybeCommitted: true, advice: 'Try again.' },
  server_error: { status: 502, title: 'The CRM failed', retryable: true, maybeCommitted: true, advice: 'Try again later.' },
  bad_response: { status: 502, title: 'The CRM’s answer makes no sense', retryable: true, maybeCommitted: true, advice: 'Try again; report it to the adapter’s author if it stays.' },
  timeout: { status: 504, title: 'The CRM did not answer in time', retryable: true, maybeCommitted: true, advice: 'Try again later.' },
  address_refused: { status: 502, title: 'The CRM’s address is not allowed', retryable: false, advice: 'Private addresses must be allowed by the operator.' },
  credentials_withheld: { status: 403, title: 'The adapter wants to handle credentials itself, which is not allowed', retryable: false, advice: 'An administrator sets allowCredentials in the installation’s settings.' },
  adapter_fault: { status: 500, title: 'The adapter failed', retryable: false, maybeCommitted: true, advice: 'Report it to the adapter’s author with the request id.' },
}

export const apiErrorCodes: Readonly<Record<ApiErrorCode, CodeFacts>> = {
  invalid_json: { status: 400, title: 'The body is not JSON', retryable: false, advice: 'Send valid JSON with Content-Type: application/json.' },
  invalid_fields: { status: 422, title: 'Some fields are wrong', retryable: false, advice: 'See errors: each has a JSON pointer to the place.' },
  body_too_large: { status: 413, title: 'The body is over 1 MiB', retryable: false, advice: 'Send less.' },
  unsupported_media_type: { status: 415, title: 'The body is of a type that is not read here', retryable: false, advice: 'Send Content-Type: application/json, or application/x-ndjson where lines are read.' },
  unauthenticated: { status: 401, title: 'No valid credential', retryable: false, advice: 'Send Authorization: Bearer with a session token or an API key, or a key as HTTP Basic where it may look up.' },
  session_expired: { status: 401, title: 'The session has ended', retryable: false, advice: 'Connect again.' },
  needs_reconnect: { status: 401, title: 'The CRM no longer accepts this connection', retryable: false, advice: 'Let the agent connect to the CRM again.' },
  missing_scope: { status: 403, title: 'The API key lacks the scope', retryable: false, advice: 'Use a key made with the scope that this endpoint names.' },
  not_found: { status: 404, title: 'Not found', retryable: false, advice: 'Check the address and the id.' },
  method_not_allowed: { status: 405, title: 'No such method here', retryable: false, advice: 'See Allow.' },
  adapter_not_found: { status: 404, title: 'No such adapter', retryable: false, advice: 'See GET /v1/adapters.' },
  installation_not_found: { status: 404, title: 'No such installation', retryable: false, advice: 'See GET /v1/installations.' },
  client_app_not_found: { status: 404, title: 'No such client app', retryable: false, advice: 'An administrator registers client apps.' },
  call_log_not_found: { status: 404, title: 'No such call log', retryable: false, advice: 'PUT creates it.' },
  message_log_not_found: { status: 404, title: 'No such message log', retryable: false, advice: 'PUT creates it.' },
  callback_not_found: { status: 404, title: 'No such callback', retryable: false, advice: 'PUT creates it.' },
  directory_not_found: { status: 404, title: 'There is no directory', retryable: false, advice: 'An administrator switches it on for a connection.' },
  directory_full: { status: 409, title: 'The CRM holds more contacts than the directory may', retryable: false, advice: 'Raise maxContacts, or switch the directory off.' },
  owned_by_other: { status: 409, title: 'It is another agent’s', retryable: false, advice: 'Leave it to them; it is logged once.' },
  webhook_not_found: { status: 404, title: 'No such webhook', retryable: false, advice: 'See GET /v1/admin/webhooks.' },
  contact_ambiguous: { status: 409, title: 'Several contacts have the number', retryable: false, advice: 'Say whose record it goes on: send contactId, one of the candidates.' },
  recording_failed: { status: 502, title: 'The recording could not be copied', retryable: true, advice: 'It is tried again by itself; the call itself is in the CRM.' },
  recording_refused: { status: 422, title: 'The recording is not copied', retryable: false, advice: 'Look at the detail; another recordingUrl is tried anew.' },
  conflict_state: { status: 409, title: 'It is not in a state that allows this', retryable: false, advice: 'Look at where it stands, then decide.' },
  discarded: { status: 409, title: 'An administrator gave it up', retryable: false, advice: 'Change it, or have it replayed.' },
  content_deleted: { status: 410, title: 'Its content has been deleted', retryable: false, advice: 'Send the whole of it with PUT; the record in the CRM stays the same one.' },
  already_exists: { status: 409, title: 'It exists already', retryable: false, advice: 'Change the existing one.' },
  in_use: { status: 409, title: 'It is still in use', retryable: false, advice: 'Remove what uses it first.' },
  installation_disabled: { status: 403, title: 'The installation is switched off', retryable: false, advice: 'Ask the administrator.' },
  identity_unproven: { status: 403, title: 'The CRM’s credentials do not tell who connects', retryable: false, advice: 'Let an administrator make a shared connection, or allow that agents name themselves (`agentsNameThemselves`).' },
  host_not_allowed: { status: 403, title: 'The host is not one of the installation’s', retryable: false, advice: 'Ask the administrator to allow the host.' },
  redirect_not_allowed: { status: 403, title: 'The redirect address is not registered', retryable: false, advice: 'Register it with the client app.' },
  origin_not_allowed: { status: 403, title: 'The web origin is not registered', retryable: false, advice: 'Register it with the client app.' },
  wrong_auth_form: { status: 409, title: 'This CRM is connected in another way', retryable: false, advice: 'Look at the installation’s auth form.' },
  login_refused: { status: 401, title: 'The CRM refuses these credentials', retryable: false, advice: 'Check the fields and try again.' },
  invalid_grant: { status: 400, title: 'The code is wrong, used or expired', retryable: false, advice: 'Start connecting again.' },
  oauth_state_invalid: { status: 400, title: 'This sign-in cannot be continued', retryable: false, advice: 'Start connecting again, in one browser.' },
  reconnect_link_invalid: { status: 404, title: 'This link cannot be used any more', retryable: false, advice: 'Ask for a new link.' },
  other_crm_user: { status: 403, title: 'The CRM knows you as another user', retryable: false, advice: 'Sign in at the CRM as the user that the connection is for, then open the link again.' },
  oauth_denied: { status: 403, title: 'Access was not granted', retryable: false, advice: 'Start again and allow access.' },
  properties_missing: { status: 409, title: 'The installation lacks what its adapter needs', retryable: false, advice: 'Ask the administrator to fill in what the detail names.' },
  document_not_found: { status: 404, title: 'No such document', retryable: false, advice: 'See GET /v1/admin/documents.' },
  document_invalid: { status: 422, title: 'The document has errors', retryable: false, advice: 'See problems: each has its line and column. Nothing was changed.' },
  documents_full: { status: 409, title: 'The tenant has as many documents as it may have', retryable: false, advice: 'Remove one that no installation uses.' },
  too_many_requests: { status: 429, title: 'Too many requests', retryable: true, advice: 'Wait for Retry-After.' },
  not_ready: { status: 503, title: 'Not ready', retryable: true, advice: 'Try again shortly.' },
  internal: { status: 500, title: 'Something went wrong on our side', retryable: true, advice: 'Report it with the request id.' },
}

export function factsOf(code: ProblemCode): CodeFacts {
  if (Object.hasOwn(apiErrorCodes, code)) return apiErrorCodes[code as ApiErrorCode]
  // The union leaves only CRM codes here, and each of them has its row.
  return crmErrorCodes[code.slice('crm_'.length) as CrmErrorCode]
}
