import { methodNames, type MethodName } from '../description.js'

export interface MethodFacts {
  readonly meaning: string
  /** Beyond Ringotel's format. */
  readonly isExtension?: true
  /** The request holds one of each of these. */
  readonly needs: readonly (readonly string[])[]
  /** The answer gives one of each of these. */
  readonly yields: readonly (readonly string[])[]
  /** Answers with several records, page by page. */
  readonly isList: boolean
}

/** What the methods are for, and what they are nothing without. */
export const methodFacts: Readonly<Record<MethodName, MethodFacts>> = {
  Users: { meaning: 'The CRM’s users, to match agents with', needs: [], yields: [['user_id']], isList: true },
  Contacts: { meaning: 'All contacts, or those changed since `$since$`, for the directory', needs: [], yields: [['contact_id'], ['phone', 'mobile']], isList: true },
  Organizations: { meaning: 'All companies, for the directory', needs: [], yields: [['company_id']], isList: true },
  FindContact: { meaning: 'Who has the number `$phone$`', needs: [['phone', 'party_number', 'calling_number', 'called_number']], yields: [['contact_id']], isList: true },
  SearchContacts: { meaning: 'Contacts by what an agent types, `$prefix$`', needs: [['prefix', 'phone']], yields: [['contact_id']], isList: true },
  CreateContact: { meaning: 'A new contact', needs: [], yields: [['contact_id']], isList: false },
  UpdateContact: { meaning: 'Changes a contact', needs: [['contact_id']], yields: [], isList: false },
  DeleteContact: { meaning: 'Deletes a contact', needs: [['contact_id']], yields: [], isList: false },
  CreateActivity: { meaning: 'A new call', needs: [], yields: [['activity_id']], isList: false },
  UpdateActivity: { meaning: 'Changes a call’s subject, note and contact', needs: [['activity_id']], yields: [], isList: false },
  StopCallActivity: { meaning: 'Tells how a call ended', needs: [['activity_id']], yields: [], isList: false },
  UploadFile: { meaning: 'Puts a recording on a call', needs: [['activity_id'], ['file', 'content_url', 'call_url']], yields: [], isList: false },
  CurrentUser: { meaning: 'The user whose credentials are used', isExtension: true, needs: [], yields: [['user_id']], isList: false },
  GetActivity: { meaning: 'Reads a call', isExtension: true, needs: [['activity_id']], yields: [['subject', 'description']], isList: false },
  FindActivity: { meaning: 'Finds a call by `$external_id$`, so that none is written twice', isExtension: true, needs: [['external_id']], yields: [['activity_id']], isList: true },
}

const callMethods: readonly MethodName[] = ['CreateActivity', 'UpdateActivity', 'StopCallActivity', 'UploadFile', 'FindActivity', 'GetActivity']

/** Where these are known at all. A parameter that is not here may be known anywhere. */
const knownOnlyIn: Readonly<Record<string, readonly MethodName[]>> = {
  activity_id: ['UpdateActivity', 'StopCallActivity', 'UploadFile', 'GetActivity'],
  contact_id: ['UpdateContact', 'DeleteContact', ...callMethods],
  file: ['UploadFile'],
  filename: ['UploadFile'],
  prefix: ['SearchContacts'],
  since: ['Contacts', 'Organizations', 'Users'],
  external_id: callMethods,
  limit: ['SearchContacts'],
  // Only answers fill these.
  next_page: [], account_id: [], account_name: [], timezone: [], created_at: [], last_activity_at: [], deleted_at: [],
}

/** `false` where nothing could ever be filled in. */
export const isKnownIn = (method: MethodName, parameter: string): boolean =>
  !Object.hasOwn(knownOnlyIn, parameter) || (knownOnlyIn[parameter] ?? []).includes(method)

/** As the format writes it, whatever the case; `SearchContact` is written so in its description, too. */
export function methodNamed(key: string): MethodName | undefined {
  const wanted = key.toLowerCase() === 'searchcontact' ? 'searchcontacts' : key.toLowerCase()
  return methodNames.find(name => name.toLowerCase() === wanted)
}
