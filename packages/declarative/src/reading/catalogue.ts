import type { ParameterType } from '../description.js'

export interface Parameter {
  /** `time` is a number of milliseconds since 1970 or a text, as its type says. */
  readonly kind: 'text' | 'id' | 'phone' | 'number' | 'time' | 'file'
  readonly meaning: string
  /** Beyond Ringotel's list. */
  readonly isExtension?: true
}

const further = true

/** Every parameter there is. A call or contact fills in what is sent; an answer fills in what is mapped. */
export const parameters = {
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
  external_id: { kind: 'text', meaning: 'Linefinder’s own id of the call, the same at each try', isExtension: further },
  next_page: { kind: 'text', meaning: 'What the answer names as the next page', isExtension: further },
} as const satisfies Readonly<Record<string, Parameter>>

export type ParameterName = keyof typeof parameters

export const parameterNames: readonly string[] = Object.keys(parameters)

/** `null` for a name that is not of the list. */
export const parameterOf = (name: string): Parameter | null =>
  // A key of the table, since it was looked for among them.
  Object.hasOwn(parameters, name) ? parameters[name as ParameterName] : null

export const parameterTypes = ['string', 'number', 'boolean', 'ISO8601Date', 'RFC3339'] as const satisfies readonly ParameterType[]

/** Of a parameter that is used and not declared. */
export function usualType(name: string): ParameterType {
  switch (parameterOf(name)?.kind) {
    case 'number': return 'number'
    case 'time': return 'ISO8601Date'
    default: return 'string'
  }
}
