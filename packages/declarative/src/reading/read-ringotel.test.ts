import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Description } from '../description.js'
import { furtherParameters, ringotelParameters } from '../catalogue.js'
import { extensions, type Extension } from './extensions.js'
import { parameterNames } from './parameter-facts.js'
import { readDocument } from './read-document.js'

const textOf = (name: string): string => readFileSync(new URL(`../../test-data/${name}.json`, import.meta.url), 'utf8')

type Json = Record<string, unknown>

/** A document without any problem, with changes. */
function document(changes: Json = {}, findContact: Json = {}, methods: Json = {}): string {
  return JSON.stringify({
    id: 'brook-crm', name: 'Brook CRM', class: 'crm', properties: ['API key'],
    parameters: { phone: 'string', contact_id: 'string', activity_id: 'string', party_number: 'string' },
    resource_url: 'https://api.brook.example/v1', auth: { type: 'Bearer', token: '$API key$' },
    api: {
      FindContact: { request_method: 'GET', request_path: '/people', request_parameters: { phone: '$phone$' }, response_map: [{ id: '$contact_id$' }], ...findContact },
      CreateActivity: { request_method: 'POST', request_path: '/calls', request_parameters: { with: '$party_number$' }, response_map: { id: '$activity_id$' } },
      ...methods,
    },
    ...changes,
  }, null, 2)
}

function read(text: string): Description {
  const { description, problems } = readDocument(text)
  if (!description) throw new Error(problems.map(({ message }) => message).join('\n'))
  return description
}

const said = (text: string, strict = false): string[] => readDocument(text, { strict }).problems.map(({ severity, code, path }) => `${severity} ${code} ${path.join('.')}`)

describe('the published form', () => {
  it('a document with everything loads in strict reading; what is told of it is right', () => {
    // Its users have a first and a last name, so that nothing uses user_name.
    expect(said(textOf('01-oauth2-northwind'), true)).toEqual(['warning unused parameters.user_name'])
    expect(Object.keys(read(textOf('01-oauth2-northwind')).methods)).toHaveLength(12)
  })

  it('one with braces, a bearer token and OData loads in strict reading, and nothing is told of it', () => {
    expect(said(textOf('02-bearer-odata-braces'), true)).toEqual([])
  })

  it('knows every parameter', () => {
    expect([...parameterNames].sort()).toEqual([...Object.keys(ringotelParameters), ...Object.keys(furtherParameters)].sort())
  })

  it('an id becomes an adapter’s, a logo an address', () => {
    const { id, logoUrl } = read(document({ id: 'ExampleCRM_v2', logo: 'https://brook.example/our logo.png' }))
    expect({ id, logoUrl }).toEqual({ id: 'examplecrm-v2', logoUrl: 'https://brook.example/our%20logo.png' })
  })

  it.each([
    ['/people', 'https://api.brook.example/v1/people'],
    ['people', 'https://api.brook.example/v1/people'],
    ['?what=people', 'https://api.brook.example/v1?what=people'],
    ['', 'https://api.brook.example/v1'],
  ])('the path %p comes behind the prefix', (path, url) => {
    expect(read(document({}, { request_path: path })).methods.FindContact?.url.join('')).toBe(url)
    const slashed = document({ resource_url: 'https://api.brook.example/v1/' }, { request_path: path })
    expect(read(slashed).methods.FindContact?.url.join('').replace(/v1\/$/, 'v1')).toBe(url)
  })

  it('parameters of a GET are its query, and those of others their body', () => {
    const { FindContact, CreateActivity } = read(document()).methods
    expect(FindContact).toMatchObject({ body: null, query: { kind: 'object', members: [['phone', { kind: 'value', name: 'phone' }]] } })
    expect(CreateActivity).toMatchObject({ query: null, contentType: 'json', body: { kind: 'object', members: [['with', { kind: 'value', name: 'party_number' }]] } })
  })

  it('variables come behind those that they read, whatever the order of the document', () => {
    const text = document({ variables: { label: '$title$ + \'!\'', title: '\'To \' + $party_number$' } }, {}, {
      UpdateActivity: { request_method: 'PATCH', request_path: '/calls/$activity_id$', request_parameters: { label: '$label$' } },
    })
    expect(said(text)).toEqual([])
    expect(read(text).variables.map(({ name, value }) => [name, value.kind])).toEqual([['title', 'expression'], ['label', 'expression']])
  })

  it('names are read longest first, and what is unknown stays as it is written', () => {
    const text = document({ properties: ['API key', 'a', 'a$b'] }, { request_path: '/x?$filter=1&$top=2&y=$10' })
    expect(read(document({}, { request_path: '/x?$filter=1&$top=2&y=$10' })).methods.FindContact?.url).toEqual(['https://api.brook.example/v1/x?$filter=1&$top=2&y=$10'])
    expect(said(text)).toContain('error bad_name properties.2')
  })
})

describe('what is tolerated', () => {
  it('"API", methods in any case, and "SearchContact" as the description once has it', () => {
    const { api, ...rest } = JSON.parse(document()) as { api: Json }
    const text = JSON.stringify({ ...rest, API: { findcontact: api['FindContact'], CREATEACTIVITY: api['CreateActivity'], SearchContact: { ...api['FindContact'] as Json } } })
    expect(said(text, true)).toEqual([])
    expect(Object.keys(read(text).methods)).toEqual(['FindContact', 'CreateActivity', 'SearchContacts'])
  })

  it('"auth" of type OAuth2, the same as the block', () => {
    const fields = { client_id: '$Client ID$', client_secret: '$Key$', authorization_endpoint: 'https://brook.example/a', token_endpoint: 'https://brook.example/t', authorization_parameters: { default: 'scope=api%20refresh_token&access_type=offline' } }
    const base = { properties: ['Client ID', 'Key'], auth: undefined }
    const block = read(document({ ...base, OAuth2: fields }))
    expect(read(document({ ...base, auth: { type: 'oauth2', ...fields } })).auth).toEqual(block.auth)
    expect(block.auth).toMatchObject({ type: 'oauth2', scopes: ['api', 'refresh_token'], authorizeParams: { access_type: 'offline' }, clientAuthentication: 'client_secret_post', pkce: true })
    // The name says nothing of it, its use does.
    expect(block.properties).toEqual([{ name: 'Client ID', isSecret: false, isRequired: true }, { name: 'Key', isSecret: true, isRequired: true }])
  })

  it('unknown keys at the top are told of and do nothing', () => {
    expect(said(document({ vendor: { of: 'us' } }))).toEqual(['warning unknown_key vendor'])
  })
})

describe('secrets', () => {
  it.each(['Client Secret', 'Access token', 'My password', 'API key', 'ApiKey', 'api-key'])('%p is one by its name', name => {
    const { properties } = read(document({ properties: ['API key', ...(name === 'API key' ? [] : [name])] }))
    expect(properties.find(property => property.name === name)?.isSecret).toBe(true)
  })

  it('one that is used as a credential is one whatever the document says', () => {
    const { properties } = read(document({ properties: [{ name: 'API key', secret: false }] }))
    expect(properties).toEqual([{ name: 'API key', isSecret: true, isRequired: true }])
  })

  it('asked of each agent it stands in credentials only', () => {
    const personal = document({ properties: [{ name: 'API key', personal: true, label: 'Your key', help: 'Profile, then API' }] })
    expect(read(personal).personal).toEqual([{ name: 'API key', isSecret: true, isRequired: true, label: 'Your key', help: 'Profile, then API' }])
    expect(read(personal).properties).toEqual([])
    expect(said(document({ properties: [{ name: 'API key', personal: true }] }, { request_path: '/$API key$/people' }))).toContain('error personal_property api.FindContact.request_path')
  })
})

describe('extensions', () => {
  const list = { request_method: 'GET', request_path: '/people', response_map: { rows: [{ id: '$contact_id$', phone: '$phone$' }], next: '$next_page$' } }
  const oauth = (more: Json): Json => ({
    properties: ['Client ID', 'Key'], auth: undefined,
    OAuth2: { client_id: '$Client ID$', client_secret: '$Key$', authorization_endpoint: 'https://brook.example/a', token_endpoint: 'https://brook.example/t', ...more },
  })
  const uses: Record<Extension, string> = {
    property_object: document({ properties: [{ name: 'API key', secret: true }] }),
    parameter_type: document({ parameters: { phone: 'string', contact_id: 'string', activity_id: 'string', party_number: 'string', call_timestamp: 'RFC3339' } }),
    further_parameter: document({ parameters: { phone: 'string', contact_id: 'string', activity_id: 'string', party_number: 'string', external_id: 'string' } }),
    further_method: document({}, {}, { CurrentUser: { request_method: 'GET', request_path: '/me', response_map: { id: '$user_id$' } } }),
    query: document({}, {}, { UpdateContact: { request_method: 'PUT', request_path: '/people', query: { id: '$contact_id$' } } }),
    request_headers: document({}, { request_headers: { 'Accept-Language': 'nl' } }),
    request_page: document({}, {}, { Contacts: { ...list, request_page: { param: 'page', start: 0, step: 100, stop: 'short' } } }),
    hit: document({}, { hit: '$contact_id$ != \'0\'' }),
    spellings: document({}, { spellings: 3 }),
    allow_quotes: document({}, { allow_quotes: true }),
    clears: document({}, {}, { UpdateContact: { request_method: 'PUT', request_path: '/people/$contact_id$', clears: true } }),
    file_body: document({}, {}, { UploadFile: { request_method: 'PUT', request_path: '/calls/$activity_id$', request_parameters: '$file$' } }),
    credential_hosts: document({ credential_hosts: ['id.brook.example'] }),
    traits: document({ traits: { phone_search: { last_digits: 9 }, body_details: ['note', 'duration'], commit_lag_ms: 500 } }),
    auth_type: document({ auth: { type: 'Header', name: 'X-Key', value: '$API key$' } }),
    pkce: document(oauth({ pkce: false })),
    revocation_endpoint: document(oauth({ revocation_endpoint: 'https://brook.example/r' })),
    client_authentication: document(oauth({ client_authentication: 'client_secret_basic' })),
    own_client: document(oauth({ client_id: undefined, client_secret: undefined })),
    app_connect_oauth: textOf('app-connect/lighthouse-oauth'),
  }

  it.each(Object.keys(extensions) as Extension[])('%s is read, and refused in strict reading with words that say what it is', extension => {
    read(uses[extension])
    const refused = readDocument(uses[extension], { strict: true }).problems.filter(({ code }) => code === 'extension')
    expect(refused.map(({ message }) => message)).toContain(`${extensions[extension].title} is an extension of Linefinder, which the format itself does not have. Take it out, or check without --strict.`)
  })

  it('no document without one has a word of it', () => {
    expect(said(document(), true)).toEqual([])
  })

  it('pages are counted, or named by the answer before', () => {
    const pageOf = (request_page: Json) => read(document({}, {}, { Contacts: { ...list, request_page } })).methods.Contacts?.paging
    expect(pageOf({ param: 'page', start: 0, step: 100, stop: 'short' })).toEqual({ by: 'number', param: 'page', start: 0, step: 100, stop: 'short' })
    expect(pageOf({ param: 'page' })).toEqual({ by: 'number', param: 'page', start: 1, step: 1, stop: 'empty' })
    expect(pageOf({ param: 'cursor', next: 'next_page' })).toEqual({ by: 'cursor', param: 'cursor', name: 'next_page' })
    expect(said(document({}, {}, { Contacts: { ...list, request_page: { param: 'cursor', next: '$nxt_page$' } } }))).toContain('error unknown_parameter api.Contacts.request_page.next')
  })

  it('credentials go into a header or the query by what the document says', () => {
    expect(read(uses.auth_type).auth).toEqual({ type: 'header', name: 'X-Key', value: [{ name: 'API key' }] })
    expect(read(document({ auth: { type: 'Query', name: 'key', value: '$API key$' } })).auth).toEqual({ type: 'query', name: 'key', value: [{ name: 'API key' }] })
    expect(read(document()).auth).toEqual({ type: 'header', name: 'Authorization', value: ['Bearer ', { name: 'API key' }] })
    expect(read(document({ auth: { type: 'Basic', username: '$API key$', password: 'X' } })).auth).toEqual({ type: 'basic', username: [{ name: 'API key' }], password: ['X'] })
  })

  it('what the CRM is like is declared by the adapter’s own names', () => {
    expect(read(uses.traits).traits).toEqual({ phoneSearch: { lastDigits: 9 }, bodyDetails: ['note', 'duration'], commitLagMs: 500 })
    expect(said(document({ traits: { phone_search: 'digit' } }))).toEqual(['error unknown_phone_search traits.phone_search'])
  })
})

describe('names that mean something to JavaScript', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('%s is refused as a name and inert as a key', name => {
    const properties = document({ properties: ['API key', name] })
    expect(said(properties)).toEqual(['error bad_name properties.1'])
    const parameters = document().replace('"phone": "string"', `"phone": "string", "${name}": "string"`)
    expect(said(parameters)).toEqual([`error bad_name parameters.${name}`])
    const body = document().replace('"with"', `"${name}"`)
    expect(read(body).methods.CreateActivity?.body).toEqual({ kind: 'object', members: [[name, { kind: 'value', name: 'party_number' }]] })
    expect(Object.prototype).not.toHaveProperty('party_number')
  })
})
