import type { AuthDescription, Description, Method, MethodName, ParameterType, ResponseTemplate, ValueTemplate, Variable } from '../description.js'
import { knownParameters } from '../catalogue.js'
import { namesInTemplate, parseTemplate, type PlaceholderForm } from '../template.js'
import { parseExpression } from '../expression.js'

/** A document of Ringotel's format, as far as these tests use it. */
export interface TestDocument {
  readonly id: string
  readonly name: string
  readonly var_char?: PlaceholderForm
  readonly properties?: readonly string[]
  readonly parameters?: Readonly<Record<string, ParameterType>>
  readonly variables?: Readonly<Record<string, string>>
  readonly resource_url?: string
  readonly contact_url?: string
  readonly activity_url?: string
  readonly auth?: { readonly type: string; readonly token?: string }
  readonly OAuth2?: Readonly<Record<string, unknown>>
  readonly api: Partial<Record<MethodName, TestMethod>>
}

export interface TestMethod {
  readonly request_method: Method['verb']
  readonly request_path?: string
  readonly request_url?: string
  readonly request_content_type?: string
  readonly request_headers?: Readonly<Record<string, string>>
  readonly request_parameters?: unknown
  readonly response_map?: unknown
  readonly extra?: Partial<Method>
}

/** Makes the internal form without looking whether the document is right. */
export function buildDescription(document: TestDocument, extra: Partial<Description> = {}): Description {
  const form = document.var_char ?? '$$'
  const properties = document.properties ?? []
  const names = new Set([...Object.keys(knownParameters), ...properties, ...Object.keys(document.parameters ?? {}), ...Object.keys(document.variables ?? {}), ...(extra.personal ?? []).map(({ name }) => name)])
  const template = (text: string) => parseTemplate(text, names, form)
  const value = (json: unknown): ValueTemplate => {
    if (typeof json === 'string') {
      const parts = template(json)
      const [only] = parts
      if (parts.length === 1 && typeof only === 'object') return { kind: 'value', name: only.name }
      return namesInTemplate(parts).length === 0 ? { kind: 'constant', value: json } : { kind: 'text', template: parts }
    }
    if (Array.isArray(json)) return { kind: 'array', items: json.map(value) }
    if (typeof json === 'object' && json !== null) return { kind: 'object', members: Object.entries(json).map(([key, member]) => [key, value(member)]) }
    return { kind: 'constant', value: json as number | boolean | null }
  }
  const response = (json: unknown): ResponseTemplate => {
    if (typeof json === 'string') {
      const parts = template(json)
      return namesInTemplate(parts).length === 0 ? { kind: 'constant', value: json } : { kind: 'capture', template: parts }
    }
    if (Array.isArray(json)) return { kind: 'array', items: json.map(response) }
    if (typeof json === 'object' && json !== null) return { kind: 'object', members: Object.entries(json).map(([key, member]) => [key, response(member)]) }
    return { kind: 'constant', value: json as number | boolean | null }
  }
  const variables = Object.entries(document.variables ?? {}).map(([name, text]): Variable => {
    const expression = parseExpression(text, names, form)
    return { name, value: expression ? { kind: 'expression', expression } : { kind: 'template', template: template(text) } }
  })
  const methods = Object.fromEntries(Object.entries(document.api).map(([name, method]): [string, Method] => {
    const sent = method.request_parameters === undefined ? null : value(method.request_parameters)
    return [name, {
      name: name as MethodName, verb: method.request_method,
      url: template(method.request_url ?? `${document.resource_url ?? ''}${method.request_path ?? ''}`),
      contentType: contentTypeOf(method.request_content_type),
      headers: Object.entries(method.request_headers ?? {}).map(([key, text]) => [key, template(text)]),
      query: method.request_method === 'GET' ? sent : null,
      body: method.request_method === 'GET' ? null : sent,
      response: method.response_map === undefined ? null : response(method.response_map),
      paging: null, hit: null, spellings: 1, allowsQuotes: false,
      ...method.extra,
    }]
  }))
  const optional = (text: string | undefined) => text === undefined ? null : template(text)
  return {
    id: document.id, name: document.name, logoUrl: null,
    properties: properties.map(name => ({ name, isSecret: /key|secret/i.test(name), isRequired: true })), personal: [],
    types: document.parameters ?? {}, variables,
    resourceUrl: optional(document.resource_url), contactUrl: optional(document.contact_url), activityUrl: optional(document.activity_url),
    auth: authOf(document, template), methods,
    ...extra,
  }
}

function contentTypeOf(type: string | undefined): Method['contentType'] {
  if (type === 'multipart/form-data') return 'multipart'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  return type === 'application/octet-stream' ? 'file' : 'json'
}

function authOf({ auth, OAuth2: oauth }: TestDocument, template: (text: string) => ReturnType<typeof parseTemplate>): AuthDescription {
  if (oauth) {
    return {
      type: 'oauth2', authorizeUrl: template(String(oauth['authorization_endpoint'])), tokenUrl: template(String(oauth['token_endpoint'])), revokeUrl: null,
      authorizeParams: {}, scopes: ['api', 'refresh_token'], clientAuthentication: 'client_secret_post', pkce: true,
      client: { id: template(String(oauth['client_id'])), secret: template(String(oauth['client_secret'])) },
    }
  }
  return auth?.token === undefined ? { type: 'none' } : { type: 'header', name: 'Authorization', value: template(`Bearer ${auth.token}`) }
}
