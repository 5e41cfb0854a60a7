import type { ParameterType } from '../../description.js'

/** What a name in `{{…}}` stands for here. */
export type Meaning =
  | { readonly is: 'parameter'; readonly name: string; readonly type?: ParameterType }
  /** Computed, since both write it differently. */
  | { readonly is: 'variable'; readonly name: 'call_direction' }
  | { readonly is: 'property'; readonly name: string; readonly isSecret: boolean }
  /** Asked of each agent. */
  | { readonly is: 'personal'; readonly name: string; readonly isSecret: boolean }
  | { readonly is: 'constant'; readonly value: string }
  /** There is nothing like it here; a part of a request that is nothing else is left out. */
  | { readonly is: 'absent'; readonly why: string }

const parameter = (name: string, type?: ParameterType): Meaning => ({ is: 'parameter', name, ...(type === undefined ? {} : { type }) })
const absent = (why: string): Meaning => ({ is: 'absent', why })

const noCopy = 'The log that the CRM was told before is not kept by its parts.'
const inBody = 'It is part of the composed details, where the CRM has room for them.'

/** The names that are known as they stand. */
export const meanings: Readonly<Record<string, Meaning>> = {
  'phoneNumber': parameter('phone'),
  'parsedPhoneNumber.number.e164': parameter('phone'),
  'newContactName': parameter('contact_name'),
  'newContactType': parameter('contact_type'),
  'name': parameter('prefix'),
  'contactInfo.id': parameter('contact_id'),
  'contactInfo.name': parameter('contact_name'),
  'contactInfo.phone': parameter('party_number'),
  'contactInfo.phoneNumber': parameter('party_number'),
  'contactInfo.type': parameter('contact_type'),
  'contactId': parameter('contact_id'),
  'subject': parameter('subject'),
  'note': parameter('description'),
  'composedLogDetails': parameter('description'),
  'startTime': parameter('call_timestamp', 'RFC3339'),
  'endTime': parameter('call_timestop', 'RFC3339'),
  'callLog.startTime': parameter('call_timestamp', 'number'),
  'duration': parameter('call_duration'),
  'callLog.duration': parameter('call_duration'),
  'result': parameter('call_result'),
  'callLog.result': parameter('call_result'),
  'callLog.direction': { is: 'variable', name: 'call_direction' },
  'callLog.from.phoneNumber': parameter('calling_number'),
  'callLog.to.phoneNumber': parameter('called_number'),
  'callLog.id': parameter('external_id'),
  'callLog.sessionId': parameter('external_id'),
  'callLog.telephonySessionId': parameter('external_id'),
  'callLog.recording.link': parameter('call_url'),
  'recordingLink': parameter('call_url'),
  'recordingDownloadLink': parameter('content_url'),
  'thirdPartyLogId': parameter('activity_id'),
  'existingCallLog.thirdPartyLogId': parameter('activity_id'),
  'user.id': parameter('user_id'),
  'hostname': parameter('hostname'),
  'user.hostname': parameter('hostname'),
  'apiKey': { is: 'personal', name: 'API key', isSecret: true },
  'user.accessToken': { is: 'personal', name: 'API key', isSecret: true },
  'secretKey': { is: 'property', name: 'Secret key', isSecret: true },
  'authHeader': absent('The header with the credentials is made from "auth".'),
  'user.refreshToken': absent('Tokens are kept sealed and given to nobody.'),
  'user.tokenExpiry': absent('Tokens are kept sealed and given to nobody.'),
  'userEmail': absent('The agent’s address is not known when the CRM is asked.'),
  'overridingFormat': absent('Say "phone_search" in the adapter’s settings instead.'),
  'isExtension': absent('Internal numbers are not looked up.'),
  'aiNote': absent(inBody),
  'transcript': absent(inBody),
  'legs': absent(inBody),
  'existingCallLog': absent(noCopy),
  'existingCallLogDetails': absent(noCopy),
  'voicemailLink': absent('There is one recording of a call, voicemail or not: recordingLink.'),
  'voicemailMessageId': absent('Messages of a voicemail are not known by an id.'),
  'hashedAccountId': absent('Accounts of a telephone system are not known.'),
  'isFromSSCL': absent('All logs come from the server.'),
}

/** Beginnings of names, with what follows up to the customer. */
export const absentBelow: Readonly<Record<string, string>> = {
  'additionalSubmission.': 'Fields of the CRM’s own have no place in a document.',
  'parsedPhoneNumber.': 'Of the parsed number, number.e164 is known.',
  'existingCallLog.': noCopy,
  'callLog.': 'Of callLog, direction, duration, result, startTime, id, sessionId, from.phoneNumber, to.phoneNumber and recording.link are known.',
  'contactInfo.': 'Of contactInfo, id, name, phone and type are known.',
}
