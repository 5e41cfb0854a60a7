import { furtherParameters, knownParameters, type ringotelParameters } from '../catalogue.js'
import type { ParameterType } from '../description.js'

export interface ParameterFacts {
  /** `time` is a number of milliseconds since 1970 or a text, as its type says. */
  readonly kind: 'text' | 'id' | 'phone' | 'number' | 'time' | 'file'
  readonly meaning: string
}

/** What every parameter there is stands for. A call or contact fills in what is sent; an answer fills in what is mapped. */
const parameters = {
  phone: { kind: 'phone', meaning: 'Phone number of a user or contact' },
  mobile: { kind: 'phone', meaning: 'Mobile number of a user or contact' },
  email: { kind: 'text', meaning: 'E-mail address of a user or contact' },
  user_id: { kind: 'id', meaning: 'Id of the CRM user' },
  user_name: { kind: 'text', meaning: 'Full name of the CRM user' },
  user_number: { kind: 'phone', meaning: 'Extension of the agent' },
  contact_id: { kind: 'id', meaning: 'Id of the contact' },
  contact_name: { kind: 'text', meaning: 'Full name of the contact' },
  firstname: { kind: 'text', meaning: 'First name' },
  lastname: { kind: 'text', meaning: 'Last name' },
  job_title: { kind: 'text', meaning: 'What the contact does' },
  company_id: { kind: 'id', meaning: 'Id of the company' },
  company_name: { kind: 'text', meaning: 'Name of the company' },
  activity_id: { kind: 'id', meaning: 'Id of the call in the CRM' },
  activity_type: { kind: 'text', meaning: 'inbound or outbound' },
  subject: { kind: 'text', meaning: 'Subject of the call' },
  description: { kind: 'text', meaning: 'Note on the call' },
  party_number: { kind: 'phone', meaning: 'The other side: who calls, or who is called' },
  calling_number: { kind: 'phone', meaning: 'Who calls' },
  called_number: { kind: 'phone', meaning: 'Who is called' },
  call_duration: { kind: 'number', meaning: 'Seconds from answer to end; 0 when it was not answered' },
  call_timestamp: { kind: 'time', meaning: 'Beginning of the call' },
  call_timestop: { kind: 'time', meaning: 'End of the call' },
  call_cause: { kind: 'text', meaning: 'SIP status with which the call ended' },
  call_url: { kind: 'text', meaning: 'Where the recording can be heard' },
  content_url: { kind: 'text', meaning: 'Where the recording is' },
  domain: { kind: 'text', meaning: 'Domain of the telephone system' },
  connection_id: { kind: 'id', meaning: 'Id of the telephone system’s branch' },
  connection_name: { kind: 'text', meaning: 'Name of the telephone system’s branch' },
  filename: { kind: 'text', meaning: 'Name of the recording’s file' },
  file: { kind: 'file', meaning: 'The recording itself: a part of multipart, else base64' },
  since: { kind: 'time', meaning: 'Only what changed after this; absent the first time' },
  prefix: { kind: 'text', meaning: 'What an agent typed to search' },
  hostname: { kind: 'text', meaning: 'The installation’s host' },
  external_id: { kind: 'text', meaning: 'Linefinder’s own id of the call, the same at each try' },
  call_result: { kind: 'text', meaning: 'answered, missed, voicemail, busy, rejected, no_answer, cancelled or failed' },
  disposition: { kind: 'text', meaning: 'What the agent chose as the call’s outcome' },
  party_name: { kind: 'text', meaning: 'The other side’s name, as the telephone system shows it' },
  account_id: { kind: 'id', meaning: 'The customer’s instance of the CRM, of `CurrentUser`' },
  account_name: { kind: 'text', meaning: 'Its name, of `CurrentUser`' },
  timezone: { kind: 'text', meaning: 'The user’s time zone by its IANA name, of `CurrentUser`' },
  phone_label: { kind: 'text', meaning: 'What a number is called in the CRM, such as work' },
  contact_type: { kind: 'text', meaning: 'The CRM’s kind of record' },
  created_at: { kind: 'time', meaning: 'When the contact was made' },
  last_activity_at: { kind: 'time', meaning: 'When something last happened with the contact' },
  deleted_at: { kind: 'text', meaning: 'Anything there: the contact was deleted' },
  limit: { kind: 'number', meaning: 'How many contacts are wanted, of `SearchContacts`' },
  next_page: { kind: 'text', meaning: 'What the answer names as the page after it' },
} as const satisfies Readonly<Record<keyof typeof ringotelParameters | keyof typeof furtherParameters, ParameterFacts>>

export const parameterNames: readonly string[] = Object.keys(parameters)

/** `null` for a name that is not of the list. */
export const parameterOf = (name: string): ParameterFacts | null =>
  // A key of the table, since it was looked for among them.
  Object.hasOwn(parameters, name) ? parameters[name as keyof typeof parameters] : null

/** Beyond Ringotel's list. */
export const isFurther = (name: string): boolean => Object.hasOwn(furtherParameters, name)

export const parameterTypes = ['string', 'number', 'boolean', 'ISO8601Date', 'RFC3339'] as const satisfies readonly ParameterType[]

/** Of a parameter that is used and not declared. */
export const usualType = (name: string): ParameterType => (Object.hasOwn(knownParameters, name) ? knownParameters[name] : undefined) ?? 'string'
