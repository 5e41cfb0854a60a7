/** A property of the CRM's JSON that names somebody or something: one field, or two that belong together. */
export type NameShape =
  | { readonly kind: 'one'; readonly field: string }
  | { readonly kind: 'two'; readonly first: string; readonly last: string }

/** Where a contact's numbers are. */
export type PhonesShape =
  | { readonly kind: 'objects'; readonly field: string; readonly number: string; readonly label: string | null }
  | { readonly kind: 'texts'; readonly field: string }
  | { readonly kind: 'fields'; readonly fields: readonly string[] }

export interface IdShape {
  readonly field: string
  readonly isNumber: boolean
}

/** How a list of records comes: in a member of an object, or bare (`null`). */
export interface CollectionShape {
  /** Below the base path, such as `/contacts`. */
  readonly path: string
  readonly listKey: string | null
  /** The member that holds a single record; `null` when the record is the whole answer. */
  readonly itemKey: string | null
  readonly id: IdShape
}

export interface UserShape {
  readonly path: string
  readonly itemKey: string | null
  readonly id: IdShape
  readonly name: NameShape
  readonly email: string | null
  /** The customer's instance: an object with an id, or a field that is the id. */
  readonly account: { readonly kind: 'object'; readonly field: string; readonly name: string | null } | { readonly kind: 'id'; readonly field: string } | null
}

export interface ContactsShape extends CollectionShape {
  readonly name: NameShape
  readonly phones: PhonesShape
  readonly email: string | null
  /** Query parameters of the list. */
  readonly phoneParam: string
  /** The parameter searches more than numbers, and compares text. */
  readonly isTextSearch: boolean
  readonly nameParam: string
  readonly limitParam: string
  readonly sinceParam: string | null
  readonly paging: { readonly kind: 'cursor'; readonly param: string; readonly next: string } | { readonly kind: 'page'; readonly param: string }
  /** The member that marks a contact which was deleted. */
  readonly deletedFlag: string | null
}

export const activityMembers = [
  'externalId', 'contactId', 'direction', 'from', 'to', 'startedAt', 'durationSeconds', 'result', 'subject', 'body', 'disposition', 'recordingUrl',
] as const
export type ActivityMember = (typeof activityMembers)[number]

export interface ActivitiesShape extends CollectionShape {
  readonly update: 'patch' | 'put'
  /** The CRM's field for each of ours. What has none is told in the text. */
  readonly fields: Readonly<Partial<Record<ActivityMember, string>>>
  /** The CRM's words for the directions. */
  readonly directions: { readonly inbound: string; readonly outbound: string }
  /** Members that every new activity must have, such as a type. */
  readonly constants: Readonly<Record<string, string>>
  /** The list's parameter that finds our id. */
  readonly externalIdParam: string
}

export type AuthShape =
  | { readonly kind: 'oauth2'; readonly authorizeUrl: string; readonly tokenUrl: string; readonly revokeUrl: string | null; readonly scopes: readonly string[] }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query'; readonly name: string; readonly prefix: string | null }
  | { readonly kind: 'basic' }
  | { readonly kind: 'custom' }

export const authKinds = ['oauth2', 'apiKey', 'basic', 'custom'] as const
export type AuthKind = (typeof authKinds)[number]

/** What is known of a CRM's API. */
export interface ApiShape {
  /** The host when every customer has the same; `null`: one for each. */
  readonly host: string | null
  /** Such as `/api`, or nothing. */
  readonly basePath: string
  readonly auth: AuthShape
  readonly user: UserShape
  readonly users: Pick<CollectionShape, 'path' | 'listKey'>
  readonly contacts: ContactsShape
  readonly activities: ActivitiesShape
}

const authShapes: { readonly [Kind in AuthKind]: AuthShape } = {
  oauth2: {
    kind: 'oauth2', authorizeUrl: 'https://{hostname}/oauth/authorize', tokenUrl: 'https://{hostname}/oauth/token',
    revokeUrl: 'https://{hostname}/oauth/revoke', scopes: ['contacts', 'activities'],
  },
  apiKey: { kind: 'apiKey', in: 'header', name: 'X-Api-Key', prefix: null },
  basic: { kind: 'basic' },
  custom: { kind: 'custom' },
}

/** An API as many CRMs have it, to begin with. */
export const usualShape = (auth: AuthKind): ApiShape => ({
  host: null,
  basePath: '/api',
  auth: authShapes[auth],
  user: {
    path: '/users/me', itemKey: null, id: { field: 'id', isNumber: false }, name: { kind: 'one', field: 'name' }, email: 'email',
    account: { kind: 'object', field: 'account', name: 'name' },
  },
  users: { path: '/users', listKey: 'items' },
  contacts: {
    path: '/contacts', listKey: 'items', itemKey: null, id: { field: 'id', isNumber: false }, name: { kind: 'one', field: 'name' },
    phones: { kind: 'objects', field: 'phones', number: 'number', label: 'label' }, email: 'email', phoneParam: 'phone', isTextSearch: false,
    nameParam: 'name', limitParam: 'limit', sinceParam: 'updated_since', paging: { kind: 'cursor', param: 'cursor', next: 'next_cursor' }, deletedFlag: 'deleted',
  },
  activities: {
    path: '/activities', listKey: 'items', itemKey: null, id: { field: 'id', isNumber: false }, update: 'patch', constants: { type: 'call' },
    directions: { inbound: 'inbound', outbound: 'outbound' }, externalIdParam: 'external_id',
    fields: {
      externalId: 'external_id', contactId: 'contact_id', direction: 'direction', from: 'from_number', to: 'to_number', startedAt: 'started_at',
      durationSeconds: 'duration_seconds', result: 'result', subject: 'subject', body: 'note', disposition: 'disposition', recordingUrl: 'recording_url',
    },
  },
})
