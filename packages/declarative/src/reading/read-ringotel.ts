import type { Property } from '@linefinder/core'
import type { Description, Reading, Template } from '../description.js'
import { namesInTemplate } from '../template.js'
import { readAddress } from './addresses.js'
import { usualType } from './parameter-facts.js'
import { Findings } from './findings.js'
import { readJson, memberOf, type ObjectPlace, type Place } from './json-source.js'
import { inOrder } from './in-order.js'
import { methodFacts, methodNamed } from './method-facts.js'
import { isOfInstallation, kindOfName, written } from './names.js'
import { readAuth } from './read-auth.js'
import { readHead } from './read-head.js'
import { readMethod, type MethodRead } from './read-method.js'
import { readNames, type NamesRead } from './read-names.js'
import { readCredentialHosts, readTraits } from './read-traits.js'
import { readVariables } from './read-variables.js'
import { asObject, asText, checkKeys } from './shapes.js'
import { Texts } from './texts.js'
import { warnOfMethods, warnOfUnused } from './warnings.js'

export interface ReadingOptions {
  /** Refuses what is beyond the format that the document is written in. Default false. */
  readonly strict?: boolean
}

export const topLevelKeys = [
  'id', 'name', 'logo', 'class', 'var_char', 'properties', 'parameters', 'variables', 'resource_url', 'contact_url', 'activity_url', 'OAuth2', 'auth', 'api',
] as const
export const furtherTopLevelKeys = ['credential_hosts', 'traits'] as const

/** Reads a document of Ringotel's no-code format. */
export function readRingotel(text: string, { strict = false }: ReadingOptions = {}): Reading {
  const { root, problems } = readJson(text)
  const findings = new Findings(strict)
  findings.problems.push(...problems)
  const document = asObject(root, findings, '{"id": "my-crm", …}')
  const description = document && !hasTooManySigns(text, findings) ? readDescription(document, findings) : null
  return { description: findings.hasErrors ? null : description, problems: inOrder(text, findings.problems) }
}

/** Each is looked at as the beginning of every name, so that some thousands are many. */
const maxSigns = 20_000

function hasTooManySigns(text: string, findings: Findings): boolean {
  const signs = text.split(/[${]/, maxSigns + 2).length - 1
  if (signs > maxSigns) findings.error('too_many_signs', [], `The document has more than ${String(maxSigns)} of $ and {. Describe one CRM, and leave out what is not needed.`)
  return signs > maxSigns
}

function readDescription(root: ObjectPlace, findings: Findings): Description {
  const meant = checkTopLevel(root, findings)
  const head = readHead(root, meant, findings)
  const read = readNames(root, findings)
  const texts = new Texts(read.names, findings)
  const variables = readVariables(read.variables, texts, findings)
  // Of one that was misspelt it was told already.
  const resourceUrl = readTopAddress(memberOf(root, 'resource_url'), texts, findings) ?? (meant.has('resource_url') ? [] : null)
  const { auth, secrets } = readAuth(root, meant, texts, findings)
  const properties = withSecrets(read.names.properties, secrets)
  const personal = withSecrets(read.names.personal, secrets)
  const methods = readMethods(root, meant, resourceUrl, texts, findings)
  const isSecret = (name: string): boolean => [...properties, ...personal].some(property => property.name === name && property.isSecret)
  const contactUrl = readLink('contact_url', 'contact_id', root, isSecret, texts, findings)
  const activityUrl = readLink('activity_url', 'activity_id', root, isSecret, texts, findings)
  warnOfMethods(methods, root, isSecret, texts, findings)
  warnOfUnused(root, read, texts, findings)
  return {
    ...head, properties, personal, types: typesOf(read, texts), variables, resourceUrl, contactUrl, activityUrl, auth,
    credentialHosts: readCredentialHosts(memberOf(root, 'credential_hosts'), texts, findings),
    traits: readTraits(memberOf(root, 'traits'), findings),
    methods: Object.fromEntries(methods.map(({ method }) => [method.name, method])),
  }
}

function checkTopLevel(root: ObjectPlace, findings: Findings): Set<string> {
  const upper = root.members.find(({ key }) => key === 'API')
  if (upper && memberOf(root, 'api')) findings.error('two_apis', upper.value.path, 'There is "api" and "API", and only one of them can count. Keep "api".', { about: 'key' })
  const known = upper ? [...topLevelKeys.filter(key => key !== 'api'), 'API'] : [...topLevelKeys]
  return checkKeys(root, [...known, ...furtherTopLevelKeys, '$schema'], findings)
}

function readTopAddress(place: Place | null, texts: Texts, findings: Findings): Template | null {
  const text = asText(place, findings, 'https://api.example.com')
  if (!text) return null
  if (text.value.includes('?')) findings.error('query_in_prefix', text.path, 'Paths come behind "resource_url", so it cannot have a query of its own.', { at: { offset: text.value.indexOf('?'), length: 1 } })
  return readAddress(text, 'request', texts, findings)
}

function readLink(key: string, id: string, root: ObjectPlace, isSecret: (name: string) => boolean, texts: Texts, findings: Findings): Template | null {
  const text = asText(memberOf(root, key), findings, `https://crm.example.com/${id.replace('_id', '')}s/${written(texts.names.form, id)}`)
  const template = text && readAddress(text, 'link', texts, findings)
  if (!template) return null
  const reached = texts.reach(namesInTemplate(template))
  for (const name of reached) {
    if (isSecret(name)) findings.error('secret_in_link', text.path, `"${name}" is a secret, and this link is opened in the agent's browser, which shows and remembers it. Take it out.`)
    else if (kindOfName(texts.names, name) === 'parameter' && name !== id && !isOfInstallation(texts.names, name)) {
      findings.warn('never_known', text.path, `Of a call only ${written(texts.names.form, id)} is known when this link is made, so ${written(texts.names.form, name)} leaves it unmade.`)
    }
  }
  if (!reached.has(id)) findings.warn('id_missing', text.path, `This link is the same for all: it lacks ${written(texts.names.form, id)}.`)
  return template
}

function readMethods(root: ObjectPlace, meant: ReadonlySet<string>, resourceUrl: Template | null, texts: Texts, findings: Findings): MethodRead[] {
  const place = memberOf(root, 'api') ?? memberOf(root, 'API')
  if (!place && !meant.has('api')) findings.error('key_missing', [], 'The document has no "api": the requests that the CRM is asked with.')
  const api = asObject(place, findings, '{"FindContact": {"request_method": "GET", …}}')
  if (!api) return []
  const read: MethodRead[] = []
  const unknown: ObjectPlace = { ...api, members: api.members.filter(({ key }) => methodNamed(key) === undefined) }
  const present = api.members.map(({ key }) => methodNamed(key))
  checkKeys(unknown, Object.keys(methodFacts).filter(name => !present.some(each => each === name)), findings)
  for (const { key, value } of api.members) {
    const name = methodNamed(key)
    if (name === undefined) continue
    if (read.some(({ method }) => method.name === name)) findings.error('method_twice', value.path, `There are two ${name}, in different spellings. Keep one.`, { about: 'key' })
    if (methodFacts[name].isExtension) findings.extension('further_method', value.path)
    const method = asObject(value, findings, '{"request_method": "GET", "request_path": "/contacts"}')
    if (method) read.push(readMethod(name, method, resourceUrl, texts, findings))
  }
  return read
}

/** What is used as a secret is one, whatever it is called. */
const withSecrets = (properties: ReadonlyMap<string, Property>, secrets: ReadonlySet<string>): Property[] =>
  [...properties.values()].map(property => secrets.has(property.name) ? { ...property, isSecret: true } : property)

function typesOf({ names }: NamesRead, texts: Texts): Description['types'] {
  const used = [...texts.uses.keys()].filter(name => kindOfName(names, name) === 'parameter')
  return Object.fromEntries([...new Set([...names.types.keys(), ...used])].map(name => [name, names.types.get(name) ?? usualType(name)]))
}
