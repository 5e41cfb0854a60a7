export interface Need {
  readonly what: string
  /** Whether calls can be logged without it. */
  readonly isRequired: boolean
  /** For a CRM that has not got it. */
  readonly advice: string
}

/** What a CRM needs to be integrated by Linefinder, and what makes it better. */
export const needs = {
  tls: { what: 'HTTPS with a certificate that is good', isRequired: true, advice: 'Serve the API by https, with a certificate that browsers take.' },
  json: { what: 'answers in JSON', isRequired: true, advice: 'Answer with Content-Type: application/json, to failures too. XML can be read, with more code.' },
  unauthorized: { what: 'says 401 without credentials', isRequired: true, advice: 'Answer 401 when a token is missing or not good, never 200, 302 or a login page: by it a connection is renewed.' },
  token: { what: 'OAuth 2.0, or another token', isRequired: true, advice: 'Offer OAuth 2.0 with the authorisation code grant, PKCE and refresh tokens; or API keys that each user can make.' },
  metadata: { what: 'OAuth metadata (RFC 8414)', isRequired: false, advice: 'Serve /.well-known/oauth-authorization-server, so that nobody has to type the addresses.' },
  logout: { what: 'ending a connection', isRequired: true, advice: 'Offer token revocation (RFC 7009), or a call that ends the session or the key.' },
  createCall: { what: 'creating a call record', isRequired: true, advice: 'Offer a POST for a call, note or activity on a contact, with text, time, direction and duration.' },
  fetchCall: { what: 'fetching a call record', isRequired: true, advice: 'Offer a GET by its id. Then what people write into it by hand is kept.' },
  updateCall: { what: 'updating a call record', isRequired: true, advice: 'Offer a PATCH by its id that leaves other fields alone.' },
  findByPhone: { what: 'finding a contact by phone number', isRequired: true, advice: 'Offer a search by number that compares digits, so that any spelling is found.' },
  createContact: { what: 'creating a contact', isRequired: true, advice: 'Offer a POST for a contact with a name and a number.' },
  userName: { what: 'the name of the user', isRequired: true, advice: 'Offer a GET such as /users/me that tells who the token belongs to, with an id and a name.' },
  findByName: { what: 'searching contacts by name', isRequired: false, advice: 'Offer a search by a part of the name.' },
  listUsers: { what: 'a list of users with e-mail addresses', isRequired: false, advice: 'Offer a list of users, to tell which of them an agent of the phone system is.' },
  listContacts: { what: 'a list of contacts that changed since a time', isRequired: false, advice: 'Offer pages of contacts with a parameter such as updated_since: a lookup then need not wait for the CRM.' },
  dispositions: { what: 'outcomes of a call', isRequired: false, advice: 'Offer the list of outcomes that a call record takes.' },
  uploads: { what: 'uploading recordings', isRequired: false, advice: 'Offer an upload of a file to a call record.' },
} as const satisfies Readonly<Record<string, Need>>

export type NeedName = keyof typeof needs

export interface Seen {
  readonly need: NeedName
  readonly answer: 'yes' | 'no' | 'could not tell'
  /** Where it was seen, or why it could not be told. */
  readonly why: string
}
