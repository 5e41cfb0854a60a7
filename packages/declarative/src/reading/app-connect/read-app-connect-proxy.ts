import type { Description, Method, Reading, Template } from '../../description.js'
import { merged } from '../addresses.js'
import { Findings } from '../findings.js'
import { inOrder } from '../in-order.js'
import { memberOf, readJson, type ObjectPlace } from '../json-source.js'
import { namesInValue } from '../names-in-values.js'
import { usualType } from '../parameter-facts.js'
import { adapterIdOf } from '../read-head.js'
import type { ReadingOptions } from '../read-ringotel.js'
import { asObject, asText, checkKeys } from '../shapes.js'
import { readAuth } from './read-auth.js'
import { checkHost, operations, readOperation, withoutCounterpart, type Defaults } from './read-operation.js'
import { fieldsIn, ProxyValues } from './values.js'

export const proxyKeys = ['meta', 'auth', 'requestDefaults', 'operations'] as const

/** Reads a proxy configuration of RingCentral's App Connect. What it says and a description cannot is told. */
export function readAppConnectProxy(text: string, { strict = false }: ReadingOptions = {}): Reading {
  const { root, problems } = readJson(text)
  const findings = new Findings(strict)
  findings.problems.push(...problems)
  const document = asObject(root, findings, '{"meta": …, "operations": …}')
  const description = document && readDescription(document, findings)
  return { description: findings.hasErrors ? null : description, problems: inOrder(text, findings.problems) }
}

function readDescription(root: ObjectPlace, findings: Findings): Description {
  checkKeys(root, proxyKeys, findings)
  const { id, name } = readMeta(asObject(memberOf(root, 'meta'), findings, '{"name": "my-crm"}'), findings)
  const auth = asObject(memberOf(root, 'auth'), findings, '{"type": "apiKey"}')
  const values = new ProxyValues(id, fieldsOfAgents(root, auth), answeredFields(root), findings)
  const authDescription = readAuth(auth, values, findings)
  const defaults = readDefaults(asObject(memberOf(root, 'requestDefaults'), findings, '{"baseUrl": "https://api.example.com"}'), values, findings)
  const methods = readOperations(root, defaults, values, findings)
  return {
    id: adapterIdOf(id), name, logoUrl: null, auth: authDescription,
    properties: [...values.properties.values()], personal: [...values.personal.values()],
    types: Object.fromEntries([...new Set([...values.sent, ...values.types.keys()])].filter(each => each !== 'call_direction').map(each => [each, values.types.get(each) ?? usualType(each)])),
    variables: values.variables, resourceUrl: defaults.baseUrl, contactUrl: null, activityUrl: null,
    methods: Object.fromEntries(methods.map(method => [method.name, method])),
  }
}

function readMeta(meta: ObjectPlace | null, findings: Findings): { id: string; name: string } {
  if (!meta) {
    findings.error('key_missing', [], 'The document has no "meta", which says its name.')
    return { id: '', name: '' }
  }
  checkKeys(meta, ['name', 'displayName', 'logFormat'], findings)
  const name = asText(memberOf(meta, 'name'), findings, 'my-crm')
  if (!memberOf(meta, 'name')) findings.error('key_missing', meta.path, '"meta" has no "name": a short one that no other document has.', { about: 'key' })
  if (name && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name.value)) findings.error('bad_id', name.path, `"${name.value}" cannot be a name: it is made of letters, digits, hyphens, dots and underscores.`)
  const format = asText(memberOf(meta, 'logFormat'), findings, 'text/plain')
  if (format && format.value !== 'text/plain' && format.value !== 'custom') {
    findings.warn('no_counterpart', format.path, `"${format.value}" has no counterpart: details are sent as plain text.`)
  }
  return { id: name?.value ?? '', name: asText(memberOf(meta, 'displayName'), findings, 'My CRM')?.value ?? name?.value ?? '' }
}

function readDefaults(place: ObjectPlace | null, values: ProxyValues, findings: Findings): Defaults {
  if (!place) return { baseUrl: null, headers: null }
  checkKeys(place, ['baseUrl', 'timeoutSeconds', 'defaultHeaders'], findings)
  const timeout = memberOf(place, 'timeoutSeconds')
  if (timeout) findings.warn('no_counterpart', timeout.path, 'Deadlines are the server\'s, so "timeoutSeconds" does nothing here.', { about: 'key' })
  const base = asText(memberOf(place, 'baseUrl'), findings, 'https://api.example.com/v1')
  if (base && !/^https?:\/\//i.test(base.value)) findings.error('not_an_address', base.path, '"baseUrl" is no address: it must begin with https://.')
  if (base) checkHost(base.value, base.path, findings)
  const baseUrl: Template | null = base ? merged(values.text(base, 'request')) : null
  return { baseUrl, headers: asObject(memberOf(place, 'defaultHeaders'), findings, '{"Accept": "application/json"}') }
}

function readOperations(root: ObjectPlace, defaults: Defaults, values: ProxyValues, findings: Findings): Method[] {
  const place = memberOf(root, 'operations')
  if (!place) findings.error('key_missing', [], 'The document has no "operations": the requests that the CRM is asked with.')
  const all = asObject(place, findings, '{"findContact": …}')
  if (!all) return []
  checkKeys(all, [...Object.keys(operations), ...Object.keys(withoutCounterpart)], findings)
  const mappingOf = (name: string): ObjectPlace | null => {
    const operation = memberOf(all, name)
    const mapping = operation?.type === 'object' ? memberOf(operation, 'responseMapping') : null
    return mapping?.type === 'object' ? mapping : null
  }
  return all.members.flatMap(({ key, value }) => {
    if (Object.hasOwn(withoutCounterpart, key)) {
      findings.warn('no_counterpart', value.path, `"${key}" has no counterpart here and does nothing. ${withoutCounterpart[key] ?? ''}`, { about: 'key' })
      return []
    }
    const operation = Object.hasOwn(operations, key) ? asObject(value, findings, '{"method": "GET", "url": "/contacts"}') : null
    if (!operation) return []
    // Contacts found by name are mapped as those found by number, unless it is said otherwise.
    const method = readOperation(key, operation, defaults, key === 'findContactWithName' ? mappingOf('findContact') : null, values, findings)
    return key === 'updateCallLog' && tellsOfTheEnd(method) ? [method, { ...method, name: 'StopCallActivity' as const }] : [method]
  })
}

/** One request for all that changes; what changed at the end of a call is told by it too. */
const tellsOfTheEnd = ({ body, query }: Method): boolean =>
  [...(body ? namesInValue(body) : []), ...(query ? namesInValue(query) : [])].some(name => ['call_timestop', 'call_duration', 'call_result', 'call_url', 'content_url'].includes(name))

/** Fields of the connecting page that nothing but credentials names: each agent is asked for them. */
function fieldsOfAgents(root: ObjectPlace, auth: ObjectPlace | null): Set<string> {
  const elsewhere = fieldsIn(root.members.filter(({ key }) => key !== 'auth').map(({ value }) => textsIn(value)).join('\n'))
  return new Set([...fieldsIn(auth ? textsIn(auth) : '')].filter(field => !elsewhere.has(field)))
}

function answeredFields(root: ObjectPlace): Set<string> {
  const places = ['operations', 'getUserInfo', 'responseMapping', 'platformAdditionalInfoPaths']
  const found = places.reduce<ReturnType<typeof memberOf>>((place, key) => place?.type === 'object' ? memberOf(place, key) : null, root)
  return new Set(found?.type === 'object' ? found.members.map(({ key }) => key) : [])
}

function textsIn(place: ReturnType<typeof memberOf>): string {
  switch (place?.type) {
    case 'string': return place.value
    case 'array': return place.items.map(textsIn).join('\n')
    case 'object': return place.members.map(({ value }) => textsIn(value)).join('\n')
    default: return ''
  }
}
