import type { Method, MethodName, Template, ValueTemplate } from '../description.js'
import { namesInTemplate } from '../template.js'
import { joinAddress, readAddress } from './addresses.js'
import type { Findings } from './findings.js'
import { kindOf, memberOf, type ObjectPlace, type Path, type Place } from './json-source.js'
import { written } from './names.js'
import { namesInValue } from './names-in-values.js'
import { warnOfQuoted } from './quoted-values.js'
import { readHeaders } from './read-headers.js'
import { readPaging } from './read-paging.js'
import { asBoolean, asChoice, asInteger, asText, checkKeys, requireKey } from './shapes.js'
import type { Texts } from './texts.js'

export const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export const contentTypes = { 'application/json': 'json', 'application/x-www-form-urlencoded': 'form', 'multipart/form-data': 'multipart' } as const

export const methodKeys = ['request_method', 'request_path', 'request_url', 'request_content_type', 'request_parameters', 'response_map'] as const
export const furtherMethodKeys = ['query', 'request_headers', 'request_page', 'hit', 'spellings', 'allow_quotes', 'clears'] as const

export interface MethodRead {
  readonly method: Method
  readonly path: Path
  /** What its request names, with all that stands behind variables. */
  readonly sends: ReadonlySet<string>
}

/** @param prefix `null` where the document has none */
export function readMethod(name: MethodName, place: ObjectPlace, prefix: Template | null, texts: Texts, findings: Findings): MethodRead {
  const meant = checkKeys(place, [...methodKeys, ...furtherMethodKeys], findings)
  requireKey(place, 'request_method', meant, findings, `${name} has no "request_method": it is one of ${verbs.join(', ')}.`)
  const verb = asChoice(memberOf(place, 'request_method'), verbs, findings, 'unknown_request_method') ?? 'GET'
  const url = readUrl(name, place, prefix, meant, texts, findings)
  const contentType = isFileAlone(place, texts) ? 'file' : readContentType(memberOf(place, 'request_content_type'), verb, findings)
  if (contentType === 'file') findings.extension('file_body', place.path)
  const { query, body } = readParameters(place, verb, contentType, texts, findings)
  const method: Method = {
    name, verb, url, contentType, query, body,
    headers: readHeaders(place, texts, findings),
    response: readResponse(memberOf(place, 'response_map'), texts, findings),
    paging: readPaging(name, memberOf(place, 'request_page'), texts, findings),
    hit: readHit(memberOf(place, 'hit'), texts, findings),
    spellings: readSpellings(name, memberOf(place, 'spellings'), findings),
    allowsQuotes: readFlag('allow_quotes', place, findings),
    clears: readFlag('clears', place, findings),
  }
  if (!method.allowsQuotes) for (const key of ['request_path', 'request_url', 'query', 'request_parameters']) warnOfQuoted(memberOf(place, key), texts, findings)
  return { method, path: place.path, sends: texts.reach(namesSent(method)) }
}

function readUrl(name: string, place: ObjectPlace, prefix: Template | null, meant: ReadonlySet<string>, texts: Texts, findings: Findings): Template {
  const [path, url] = [memberOf(place, 'request_path'), memberOf(place, 'request_url')]
  if (path && url) findings.error('two_addresses', url.path, `${name} has "request_path" and "request_url", and only one of them can count. Keep one.`, { about: 'key' })
  if (!path && !url) {
    if (!meant.has('request_path') && !meant.has('request_url')) {
      findings.error('key_missing', place.path, `${name} has no address: give "request_path", which comes behind "resource_url", or a whole "request_url".`, { about: 'key' })
    }
    return []
  }
  if (url) {
    const text = asText(url, findings, 'https://api.example.com/contacts')
    return text ? readAddress(text, 'request', texts, findings) : []
  }
  // An empty path is the prefix itself.
  const text = path?.type === 'string' ? path : asText(path, findings, '/contacts')
  if (!text) return []
  const template = texts.template(text, 'request')
  if (/^https?:\/\//i.test(text.value)) {
    findings.error('whole_address', text.path, 'This is a whole address, and "request_path" comes behind "resource_url".', { suggestion: '"request_url" instead of "request_path"' })
    return template
  }
  if (text.value.includes('#')) findings.warn('fragment', text.path, 'What follows # is never sent to a server.', { at: { offset: text.value.indexOf('#'), length: 1 } })
  if (!prefix) {
    findings.error('no_resource_url', text.path, 'This path comes behind "resource_url", and the document has none. Add it, or give a whole "request_url".')
    return template
  }
  return text.value === '' ? prefix : joinAddress(prefix, template)
}

function readContentType(place: Place | null, verb: Method['verb'], findings: Findings): Method['contentType'] {
  const text = asText(place, findings, 'multipart/form-data')
  if (!text) return 'json'
  const known = Object.entries(contentTypes).find(([type]) => type === text.value.split(';')[0]?.trim().toLowerCase())
  if (!known) {
    findings.error('unknown_content_type', text.path, `"${text.value}" cannot be sent; it is one of ${Object.keys(contentTypes).join(', ')}.`)
    return 'json'
  }
  if (verb === 'GET') findings.warn('no_body', text.path, 'A GET has no body, so it has no content type.', { about: 'key' })
  return known[1]
}

function readParameters(place: ObjectPlace, verb: Method['verb'], contentType: Method['contentType'], texts: Texts, findings: Findings): { query: ValueTemplate | null; body: ValueTemplate | null } {
  const parameters = memberOf(place, 'request_parameters')
  const further = memberOf(place, 'query')
  if (parameters && parameters.type !== 'object' && parameters.type !== 'array' && contentType !== 'file') {
    findings.error('not_an_object', parameters.path, `"request_parameters" is ${kindOf(parameters)}; it must be an object or a list.`)
  }
  if (further) findings.extension('query', further.path)
  if (verb === 'GET') {
    if (parameters && further) findings.error('two_queries', further.path, 'The parameters of a GET are its query already. Put all into "request_parameters".', { about: 'key' })
    return { query: readFlat(parameters ?? further, 'the address line', texts, findings), body: null }
  }
  const query = readFlat(further, 'the address line', texts, findings)
  if (contentType === 'form' || contentType === 'multipart') return { query, body: readFlat(parameters, contentType === 'form' ? 'a form' : 'multipart/form-data', texts, findings) }
  return { query, body: parameters ? texts.value(parameters) : null }
}

/** What nests in it goes as `a[b]=1`. */
function readFlat(place: Place | null, where: string, texts: Texts, findings: Findings): ValueTemplate | null {
  if (!place) return null
  if (place.type === 'array') {
    findings.error('not_flat', place.path, `This goes into ${where}, which has names and values, so it must be an object.`)
    return null
  }
  return texts.value(place)
}

function readResponse(place: Place | null, texts: Texts, findings: Findings): Method['response'] {
  if (!place) return null
  if (place.type !== 'object' && place.type !== 'array') {
    findings.error('not_an_object', place.path, `"response_map" is ${kindOf(place)}; it must be an object or a list, formed like the answer.`)
    return null
  }
  return texts.response(place)
}

function readHit(place: Place | null, texts: Texts, findings: Findings): Method['hit'] {
  if (place) findings.extension('hit', place.path)
  const text = asText(place, findings, '$activity_type$ == \'inbound\'')
  if (!text) return null
  const expression = texts.expression(text)
  if (!expression) findings.error('no_expression', text.path, '"hit" cannot be computed. It is made of numbers, \'texts\', known placeholders, + - * / % == != < <= > >= && || ! ?: and parentheses.')
  return expression
}

function readSpellings(name: MethodName, place: Place | null, findings: Findings): number {
  if (place) findings.extension('spellings', place.path)
  if (place && name !== 'FindContact') findings.error('not_here', place.path, '"spellings" says how many ways of writing a number FindContact tries; it stands there only.', { about: 'key' })
  return asInteger(place, findings, [1, 10]) ?? 1
}

function readFlag(key: 'allow_quotes' | 'clears', method: ObjectPlace, findings: Findings): boolean {
  const place = memberOf(method, key)
  if (place) findings.extension(key, place.path)
  return asBoolean(place, findings) ?? false
}

/** The recording itself is what is sent. */
function isFileAlone(method: ObjectPlace, texts: Texts): boolean {
  const parameters = memberOf(method, 'request_parameters')
  return parameters?.type === 'string' && parameters.value === written(texts.names.form, 'file')
}

const namesSent = ({ url, query, body, headers }: Method): string[] => [
  ...namesInTemplate(url), ...(query ? namesInValue(query) : []), ...(body ? namesInValue(body) : []), ...headers.flatMap(([, value]) => namesInTemplate(value)),
]
