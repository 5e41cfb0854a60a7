import type { Method, MethodName, Template } from '../../description.js'
import { joinAddress, merged } from '../addresses.js'
import type { Findings } from '../findings.js'
import { memberOf, type ObjectPlace, type Path } from '../json-source.js'
import { isHeaderName } from '../read-headers.js'
import { contentTypes, verbs } from '../read-method.js'
import { asChoice, asObject, asText, checkKeys, requireKey } from '../shapes.js'
import { mappings, readMapping } from './responses.js'
import { placeholder, type ProxyValues } from './values.js'

/** Operations that have a counterpart, and which it is. */
export const operations: Readonly<Record<string, MethodName>> = {
  getUserInfo: 'CurrentUser', findContact: 'FindContact', findContactWithName: 'SearchContacts', createContact: 'CreateContact',
  createCallLog: 'CreateActivity', getCallLog: 'GetActivity', updateCallLog: 'UpdateActivity', getUserList: 'Users',
}

/** Those that have none, and why. */
export const withoutCounterpart: Readonly<Record<string, string>> = {
  createMessageLog: 'Messages are not logged by documents.',
  updateMessageLog: 'Messages are not logged by documents.',
  upsertCallDisposition: 'Dispositions are not set by documents.',
  getLicenseStatus: 'Nobody needs a licence to use an adapter here.',
  unAuthorize: 'When a connection ends, its tokens are forgotten here.',
}

const operationKeys = ['method', 'url', 'headers', 'query', 'body', 'auth', 'responseMapping'] as const

export interface Defaults {
  readonly baseUrl: Template | null
  readonly headers: ObjectPlace | null
}

export function readOperation(name: string, place: ObjectPlace, { baseUrl, headers }: Defaults, fallback: ObjectPlace | null, values: ProxyValues, findings: Findings): Method {
  const meant = checkKeys(place, operationKeys, findings)
  requireKey(place, 'url', meant, findings, `${name} has no "url": a path that comes behind "baseUrl", or a whole address.`)
  const auth = memberOf(place, 'auth')
  if (auth) findings.error('no_counterpart', auth.path, `All requests prove themselves the same way here, so ${name} cannot have an "auth" of its own.`, { about: 'key' })
  const method = memberOf(place, 'method')
  const verb = asChoice(method, verbs, findings, 'unknown_request_method', true) ?? 'GET'
  const { rest, contentType } = readHeaders([headers, asObject(memberOf(place, 'headers'), findings, '{"Accept": "application/json"}')], values, findings)
  const query = asObject(memberOf(place, 'query'), findings, '{"phone": "{{phoneNumber}}"}')
  const body = asObject(memberOf(place, 'body'), findings, '{"subject": "{{subject}}"}')
  if (body && verb === 'GET' && body.members.length > 0) findings.warn('no_body', body.path, 'A GET has no body, so this is not sent.', { about: 'key' })
  const mapping = asObject(memberOf(place, 'responseMapping'), findings, '{"idPath": "body.id"}') ?? fallback
  const known = mappings[name]
  return {
    name: operations[name] ?? 'CurrentUser', verb, contentType, headers: rest,
    url: readUrl(place, baseUrl, values, findings),
    query: query && query.members.length > 0 ? values.value(query) : null,
    body: body && verb !== 'GET' && body.members.length > 0 ? values.value(body) : null,
    response: known && (mapping ?? Object.keys(known.usual).length > 0) ? readMapping(mapping, known, findings) : null,
    paging: null, hit: null, spellings: 1, allowsQuotes: false,
  }
}

function readUrl(place: ObjectPlace, baseUrl: Template | null, values: ProxyValues, findings: Findings): Template {
  const text = asText(memberOf(place, 'url'), findings, '/contacts')
  if (!text) return []
  const template = merged(values.text(text, 'request'))
  if (/^https?:\/\//i.test(text.value)) {
    checkHost(text.value, text.path, findings)
    return template
  }
  if (!baseUrl) {
    findings.error('no_resource_url', text.path, 'This path comes behind "requestDefaults.baseUrl", and the document has none. Add it, or give a whole address.')
    return template
  }
  return joinAddress(baseUrl, template)
}

/** Nothing of a call may choose where requests go. */
export function checkHost(url: string, path: Path, findings: Findings): void {
  const [host = ''] = url.replace(/^https?:\/\//i, '').split(/[/?#]/, 1)
  if (/^http:/i.test(url)) findings.warn('not_secure', path, 'http:// shows everything, credentials too, to whoever carries it. Write https:// unless this never leaves a machine.')
  for (const [written, name = ''] of host.matchAll(placeholder)) {
    if (!/^(user\.)?hostname$|^(user\.platformAdditionalInfo|additionalInfo)\./.test(name.trim())) {
      findings.error('host_from_call', path, `${written} stands in the host of this address. Only the installation's host and what an admin fills in may choose where requests go.`)
    }
  }
}

function readHeaders(places: readonly (ObjectPlace | null)[], values: ProxyValues, findings: Findings): { rest: Method['headers']; contentType: Method['contentType'] } {
  let contentType: Method['contentType'] = 'json'
  const rest = new Map<string, readonly [string, Template]>()
  for (const { key, value } of places.flatMap(place => place?.members ?? [])) {
    const text = asText(value, findings, 'application/json')
    if (!text) continue
    const known = key.toLowerCase() === 'content-type' ? Object.entries(contentTypes).find(([type]) => type === text.value.split(';')[0]?.trim().toLowerCase()) : undefined
    if (known) contentType = known[1]
    else if (key.toLowerCase() === 'content-type') findings.error('unknown_content_type', text.path, `"${text.value}" cannot be sent; it is one of ${Object.keys(contentTypes).join(', ')}.`)
    else if (key.toLowerCase() === 'authorization') findings.error('taken_header', text.path, 'The header "Authorization" is made from "auth".', { about: 'key' })
    else if (!isHeaderName(key)) findings.error('bad_header', text.path, `"${key}" cannot be a header's name.`, { about: 'key' })
    else rest.set(key.toLowerCase(), [key, merged(values.text(text, 'request'))])
  }
  return { rest: [...rest.values()], contentType }
}
