import { apiKey, basic, CrmError, custom, oauth2, type AuthScheme, type FieldInput, type InstallationWithSecrets, type Property } from '@linefinder/core'
import type { AuthDescription, Template } from '../description.js'
import type { DocumentMethods } from '../methods.js'
import type { Values } from '../values.js'

/** Asked of an agent whose credentials are everybody's. */
export const userField = 'crm_user'

/** How agents of an installation connect. What the admin filled in is not asked of them again. */
export const schemeOf = (methods: DocumentMethods, installation: InstallationWithSecrets): AuthScheme => ({ ...signInOf(methods, installation), identity: identityOf(methods) })

/** What belongs to one person, and a method that tells whom it belongs to. */
function identityOf(methods: DocumentMethods): 'proven' | 'named' | 'none' {
  const { auth, personal } = methods.description
  if (methods.has('CurrentUser')) return auth.type === 'oauth2' || personal.length > 0 ? 'proven' : 'none'
  return asksForUser(methods) ? 'named' : 'none'
}

function signInOf(methods: DocumentMethods, installation: InstallationWithSecrets): AuthScheme {
  const { auth, personal, name } = methods.description
  const values = methods.valuesFor(installation, {})
  if (auth.type === 'oauth2') return oauthOf(auth, methods, installation, values)
  const asked = new Map(personal.map(property => [property.name, fieldOf(property)]))
  const fields = [...asked.values(), ...(asksForUser(methods) ? [userFieldFor(name)] : [])]
  const fill = (template: Template): Piece[] => template.map(part => typeof part === 'string' ? part : pieceOf(part.name, asked, values))
  switch (auth.type) {
    case 'none': return apiKey({ fields, placements: [] })
    case 'header': case 'query': return placed(auth, fill(auth.value), fields)
    case 'basic': return basicOf(fill(auth.username), fill(auth.password), fields, asked)
  }
}

/** Whether the credentials cannot tell who the agent is, and the CRM’s users can be listed. */
export const asksForUser = (methods: DocumentMethods): boolean =>
  methods.description.auth.type !== 'oauth2' && !methods.has('CurrentUser') && methods.has('Users')

type Piece = string | { readonly field: string }

function pieceOf(name: string, asked: ReadonlyMap<string, FieldInput>, values: Values): Piece {
  const field = asked.get(name)
  return field ? { field: field.name } : valueOf(values, name)
}

function valueOf(values: Values, name: string): string {
  const value = values.valueOf(name)
  if (value === null || value === '') throw new CrmError('rejected', { detail: `The installation has no value for ${name}.` })
  return String(value)
}

function placed({ type, name }: { type: 'header' | 'query'; name: string }, pieces: readonly Piece[], fields: readonly FieldInput[]): AuthScheme {
  const [first, second] = pieces
  if (pieces.every(piece => typeof piece === 'string')) return apiKey({ fields, placements: [{ in: type, name, value: pieces.join('') }] })
  if (pieces.length === 1 && typeof first === 'object') return apiKey({ fields, placements: [type === 'header' ? { in: type, name, field: first.field } : { in: type, name, field: first.field }] })
  if (type === 'header' && pieces.length === 2 && typeof first === 'string' && typeof second === 'object') {
    return apiKey({ fields, placements: [{ in: type, name, field: second.field, prefix: first }] })
  }
  return session(fields, values => type === 'header' ? { headers: { [name]: joined(pieces, values) } } : { params: { [name]: joined(pieces, values) } })
}

function basicOf(username: readonly Piece[], password: readonly Piece[], fields: readonly FieldInput[], asked: ReadonlyMap<string, FieldInput>): AuthScheme {
  const [user, secret] = [username[0], password[0]]
  if ([...username, ...password].every(piece => typeof piece === 'string')) {
    return apiKey({ fields, placements: [{ in: 'header', name: 'Authorization', value: basicHeader(username.join(''), password.join('')) }] })
  }
  const areFields = username.length === 1 && password.length === 1 && typeof user === 'object' && typeof secret === 'object'
  if (areFields && fields.length === 2) return basic({ username: labelOf(asked, user.field), password: labelOf(asked, secret.field) })
  return session(fields, values => ({ headers: { Authorization: basicHeader(joined(username, values), joined(password, values)) } }))
}

/** Credentials that are put together of several things; there is no login. */
const session = (fields: readonly FieldInput[], authorize: (values: Readonly<Record<string, string>>) => { headers?: Record<string, string>; params?: Record<string, string> }): AuthScheme =>
  custom({ fields, login: async (_ctx, filledIn) => ({ values: filledIn }), authorize: ({ values }) => authorize(values) })

const joined = (pieces: readonly Piece[], values: Readonly<Record<string, string>>): string =>
  pieces.map(piece => typeof piece === 'string' ? piece : values[piece.field] ?? '').join('')

/** RFC 7617 with UTF-8. */
const basicHeader = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

const labelOf = (asked: ReadonlyMap<string, FieldInput>, field: string): string => [...asked.values()].find(({ name }) => name === field)?.label ?? field

const userFieldFor = (crm: string): FieldInput => ({ name: userField, label: `Your user in ${crm}`, help: 'The id or the e-mail address that you have there.' })

/** A form's field cannot be named with spaces. */
function fieldOf({ name, label, isSecret, isRequired, help }: Property): FieldInput {
  return { name: fieldNameOf(name), label: label ?? name, secret: isSecret, required: isRequired, ...(help === undefined ? {} : { help }) }
}

const fieldNameOf = (name: string): string => {
  const plain = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^[^A-Za-z]+/, '')
  return plain === '' ? 'value' : plain
}

function oauthOf(auth: Extract<AuthDescription, { type: 'oauth2' }>, methods: DocumentMethods, installation: InstallationWithSecrets, values: Values): AuthScheme {
  // The server fills the host in, which may differ from connection to connection.
  const inAddress = methods.valuesFor({ ...installation, hostname: '{hostname}' }, {})
  const url = (template: Template) => asUrl(template.map(part => typeof part === 'string' ? part : valueOf(inAddress, part.name).replace(/\/+$/, '')).join(''), installation.hostname)
  const text = (template: Template) => template.map(part => typeof part === 'string' ? part : valueOf(values, part.name)).join('')
  return oauth2({
    authorizeUrl: url(auth.authorizeUrl), tokenUrl: url(auth.tokenUrl), ...(auth.revokeUrl === null ? {} : { revokeUrl: url(auth.revokeUrl) }),
    scopes: auth.scopes, authorizeParams: auth.authorizeParams, clientAuthentication: auth.clientAuthentication, pkce: auth.pkce,
    ...(auth.client === null ? {} : { client: { id: text(auth.client.id), secret: auth.client.secret === null ? null : text(auth.client.secret) } }),
  })
}

function asUrl(text: string, hostname: string): string {
  const filled = text.replaceAll('{hostname}', hostname)
  if (!URL.canParse(filled) || !/^https?:$/.test(new URL(filled).protocol)) throw new CrmError('address_refused', { detail: 'An address of the document’s OAuth is none.' })
  return text
}
