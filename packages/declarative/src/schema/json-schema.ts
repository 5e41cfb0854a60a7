import { bodyDetails } from '@linefinder/core'
import { methodNames } from '../description.js'
import { extensions, type Extension } from '../reading/extensions.js'
import { methodFacts } from '../reading/method-facts.js'
import { isFurther, parameterNames, parameterOf, parameterTypes } from '../reading/parameter-facts.js'
import { contentTypes, verbs } from '../reading/read-method.js'
import { clientAuthentications } from '../reading/read-oauth2.js'
import { phoneSearches } from '../reading/read-traits.js'

export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * The format for editors (JSON Schema draft-07), from the tables that the reader goes by. It completes keys and names and marks what is
 * misspelt; what only the whole document shows is the reader's to tell.
 */
export function ringotelSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A CRM for Linefinder, in Ringotel’s no-code format',
    type: 'object',
    required: ['id', 'name'],
    anyOf: [{ required: ['api'] }, { required: ['API'] }],
    properties: {
      $schema: { type: 'string' },
      id: { ...text('A short name that no other document has'), pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
      name: { ...text('As people read it'), maxLength: 200 },
      logo: text('The unencoded address of a picture'),
      class: { description: 'Always crm', const: 'crm' },
      var_char: { description: 'How placeholders are written: $name$ or {name}. Default $$.', enum: ['$$', '{}'] },
      properties: { description: 'What an admin fills in', type: 'array', items: { anyOf: [{ type: 'string', minLength: 1 }, property] } },
      parameters: parametersSchema(),
      variables: {
        description: 'Computed from parameters, such as "$call_duration$ * 1000". A text that cannot be computed is a text with placeholders.',
        type: 'object', propertyNames: { pattern: '^[A-Za-z_]\\w{0,63}$' }, additionalProperties: { type: ['string', 'number'] },
      },
      resource_url: text('What comes in front of each request_path'),
      contact_url: text('The page of a contact, with its contact_id'),
      activity_url: text('The page of a call, with its activity_id'),
      OAuth2: { ...object(oauth2, ['authorization_endpoint', 'token_endpoint']), description: 'OAuth 2.0, authorisation code flow' },
      auth: { description: 'Credentials that are the same for all, or OAuth2', anyOf: authSchemas() },
      credential_hosts: { ...extension('credential_hosts'), type: 'array', items: { type: 'string' } },
      traits: { ...object(traits, []), ...extension('traits') },
      api: { $ref: '#/definitions/api' },
      API: { $ref: '#/definitions/api' },
    },
    definitions: { api: apiSchema(), method: methodSchema },
  }
}

const text = (description: string): JsonSchema => ({ description, type: 'string', minLength: 1 })

const object = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({ type: 'object', properties, required, additionalProperties: false })

const extension = (name: Extension): JsonSchema => ({ description: `Linefinder’s own: ${extensions[name].meaning}` })

const property: JsonSchema = {
  ...object({
    name: text('The name by which the document uses it'),
    label: text('As the form shows it; default the name'),
    help: text('Where people find it'),
    secret: { type: 'boolean', description: 'Shown as dots and sealed' },
    required: { type: 'boolean', description: 'Default true' },
    personal: { type: 'boolean', description: 'Asked of each agent instead of the admin; for credentials only' },
  }, ['name']),
  ...extension('property_object'),
}

function parametersSchema(): JsonSchema {
  const type = (name: string): JsonSchema => ({
    description: `${isFurther(name) ? 'Linefinder’s own: ' : ''}${parameterOf(name)?.meaning ?? ''}`,
    enum: parameterOf(name)?.kind === 'time' ? parameterTypes : parameterTypes.filter(each => each !== 'ISO8601Date' && each !== 'RFC3339'),
  })
  return {
    description: 'The parameters that are used, and their types in the CRM', type: 'object', propertyNames: { pattern: '^[A-Za-z_]\\w{0,63}$' },
    properties: Object.fromEntries(parameterNames.map(name => [name, type(name)])),
    additionalProperties: { enum: parameterTypes },
  }
}

const orDefault = (value: JsonSchema): JsonSchema => ({ anyOf: [value, { type: 'object', properties: { default: value }, required: ['default'] }] })

const oauth2: JsonSchema = {
  client_id: text('Such as $Client ID$'),
  client_secret: text('Such as $Client Secret$'),
  flow_type: { ...orDefault({ enum: ['0', 0] }), description: 'Only "0", the authorisation code flow' },
  authorization_endpoint: text('Where agents allow access'),
  authorization_parameters: { ...orDefault({ type: 'string' }), description: 'Encoded as in an address, such as scope=api%20refresh_token' },
  token_endpoint: text('Where tokens are asked for'),
  token_parameters: object({ content_type: { type: 'string' } }, []),
  request_auth: { description: 'Always Bearer', enum: ['Bearer', 'bearer'] },
  pkce: { ...extension('pkce'), type: 'boolean' },
  revocation_endpoint: { ...extension('revocation_endpoint'), type: 'string' },
  client_authentication: { ...extension('client_authentication'), enum: clientAuthentications },
}

function authSchemas(): readonly JsonSchema[] {
  const credential = text('A property, such as $API key$')
  const of = (type: string, fields: JsonSchema, required: readonly string[]): JsonSchema => object({ type: caseless(type), ...fields }, ['type', ...required])
  return [
    of('Bearer', { token: credential }, ['token']),
    of('Basic', { username: credential, password: { type: 'string' } }, ['username', 'password']),
    of('OAuth2', oauth2, ['authorization_endpoint', 'token_endpoint']),
    { ...of('Header', { name: text('The header’s name'), value: credential }, ['name', 'value']), ...extension('auth_type') },
    { ...of('Query', { name: text('The parameter’s name'), value: credential }, ['name', 'value']), ...extension('auth_type') },
    { ...of('None', {}, []), ...extension('auth_type') },
  ]
}

/** Editors propose the enumerated one; others are right as well. */
const caseless = (word: string): JsonSchema =>
  ({ anyOf: [{ enum: [word] }, { type: 'string', pattern: `^${[...word].map(char => /[a-z]/i.test(char) ? `[${char.toUpperCase()}${char.toLowerCase()}]` : char).join('')}$` }] })

const traits: JsonSchema = {
  phone_search: {
    description: 'What the CRM’s search for numbers compares', anyOf: [
      { enum: phoneSearches }, object({ last_digits: { type: 'integer', minimum: 4, maximum: 15 } }, ['last_digits']),
      object({ masks: { type: 'array', minItems: 1, items: { type: 'string', pattern: '#' } } }, ['masks']),
    ],
  },
  body_details: { description: 'What a call’s text tells, in this order', type: 'array', items: { enum: bodyDetails } },
  body_max_length: { type: 'integer', minimum: 100 },
  commit_lag_ms: { type: 'integer', minimum: 0, description: 'How long a new call may stay out of FindActivity' },
  contact_lag_ms: { type: 'integer', minimum: 0, description: 'How long a new contact may stay out of FindContact' },
}

const methodProperties: JsonSchema = {
  request_method: { description: 'The HTTP method', enum: verbs },
  request_path: { description: 'Comes behind resource_url; placeholders are filled in', type: 'string' },
  request_url: text('A whole address, in place of request_path'),
  request_content_type: { description: 'Default application/json', anyOf: [{ enum: Object.keys(contentTypes) }, { type: 'string', pattern: `^(${Object.keys(contentTypes).join('|')})\\s*;` }] },
  request_parameters: { description: 'The query of a GET, the body of others', anyOf: [{ type: 'object' }, { type: 'array' }, { enum: ['$file$', '{file}'] }] },
  response_map: { description: 'Formed like the answer, with placeholders where values are taken', type: ['object', 'array'] },
  query: { ...extension('query'), type: 'object' },
  request_headers: { ...extension('request_headers'), type: 'object', additionalProperties: { type: 'string' } },
  request_page: {
    ...extension('request_page'), anyOf: [
      object({ param: { type: 'string' }, start: { type: 'integer', minimum: 0 }, step: { type: 'integer', minimum: 1 }, stop: { enum: ['empty', 'short'] } }, ['param']),
      object({ param: { type: 'string' }, next: { anyOf: [{ enum: ['next_page'] }, { type: 'string' }] } }, ['param', 'next']),
    ],
  },
  hit: { ...extension('hit'), type: 'string' },
  spellings: { ...extension('spellings'), type: 'integer', minimum: 1, maximum: 10 },
  allow_quotes: { ...extension('allow_quotes'), type: 'boolean' },
  clears: { ...extension('clears'), type: 'boolean' },
}

const methodSchema: JsonSchema = {
  type: 'object', properties: methodProperties, required: ['request_method'], oneOf: [{ required: ['request_path'] }, { required: ['request_url'] }],
}

function apiSchema(): JsonSchema {
  const method = (name: typeof methodNames[number]): JsonSchema => ({
    description: `${methodFacts[name].isExtension ? 'Linefinder’s own: ' : ''}${methodFacts[name].meaning}`, allOf: [{ $ref: '#/definitions/method' }],
  })
  return {
    description: 'The requests that the CRM is asked with', type: 'object',
    properties: Object.fromEntries(methodNames.map(name => [name, method(name)])),
    // Names count in any case.
    propertyNames: { pattern: `^(${[...methodNames, 'SearchContact'].map(name => [...name].map(char => `[${char.toUpperCase()}${char.toLowerCase()}]`).join('')).join('|')})$` },
  }
}
