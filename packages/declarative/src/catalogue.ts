import type { ParameterType } from './description.js'

/** The parameters of Ringotel's format, and the types that they have unless a document says otherwise. */
export const ringotelParameters = {
  phone: 'string', email: 'string', user_id: 'string', contact_id: 'string', activity_id: 'string', activity_type: 'string', user_name: 'string',
  contact_name: 'string', firstname: 'string', lastname: 'string', subject: 'string', description: 'string', company_name: 'string',
  company_id: 'string', content_url: 'string', user_number: 'string', party_number: 'string', calling_number: 'string', called_number: 'string',
  call_duration: 'number', call_timestamp: 'number', call_timestop: 'number', call_cause: 'string', call_url: 'string', domain: 'string',
  filename: 'string', file: 'string', since: 'ISO8601Date', prefix: 'string', connection_id: 'string', connection_name: 'string',
  // Not in the published list, but in published documents.
  mobile: 'string', job_title: 'string',
} as const satisfies Readonly<Record<string, ParameterType>>

/** Parameters beyond Ringotel's format. */
export const furtherParameters = {
  /** The installation's host, such as `crm.example.com`. */
  hostname: 'string',
  /** Our id of a call, to find its activity again. */
  external_id: 'string',
  /** `answered`, `missed`, `voicemail`, `busy`, `rejected`, `no_answer`, `cancelled` or `failed`. */
  call_result: 'string',
  disposition: 'string',
  /** The other party's name as the phone system shows it. */
  party_name: 'string',
  /** The customer's instance of the CRM, of `CurrentUser`. */
  account_id: 'string',
  account_name: 'string',
  /** IANA name, of `CurrentUser`. */
  timezone: 'string',
  /** What a number is called there: `work`, `mobile`. */
  phone_label: 'string',
  /** The CRM's kind of record. */
  contact_type: 'string',
  /** When the contact was made, was last active, and was deleted; captured only. */
  created_at: 'RFC3339',
  last_activity_at: 'RFC3339',
  deleted_at: 'string',
  /** How many contacts are wanted, of `SearchContacts`. */
  limit: 'number',
  /** What an answer names as the page after it; captured only. */
  next_page: 'string',
} as const satisfies Readonly<Record<string, ParameterType>>

export const knownParameters: Readonly<Record<string, ParameterType>> = { ...ringotelParameters, ...furtherParameters }
