import type { Property } from '@linefinder/core'
import type { ParameterType } from '../description.js'
import type { PlaceholderForm } from '../template.js'
import { isFurther, parameterNames, parameterOf, parameterTypes } from './parameter-facts.js'
import type { Findings } from './findings.js'
import { kindOf, memberOf, type Member, type ObjectPlace, type Place, type StringPlace } from './json-source.js'
import { knownNames, written, type Names } from './names.js'
import { nearest } from './nearest.js'
import { asBoolean, asChoice, asObject, asText, checkKeys, requireKey } from './shapes.js'

export interface NamesRead {
  readonly names: Names
  /** Properties of which the document says whether they are secret. */
  readonly marked: ReadonlySet<string>
  readonly variables: readonly { readonly name: string; readonly place: Place }[]
}

const maxNames = 200
const maxPropertyLength = 100
const propertyKeys = ['name', 'label', 'help', 'secret', 'required', 'personal'] as const

export const soundsSecret = (name: string): boolean => /secret|token|password|api.?key/i.test(name)

/** What a document's placeholders may stand for. */
export function readNames(root: ObjectPlace, findings: Findings): NamesRead {
  const form = readForm(memberOf(root, 'var_char'), findings)
  const marked = new Set<string>()
  const { properties, personal } = readProperties(memberOf(root, 'properties'), form, marked, findings)
  const types = readParameters(asObject(memberOf(root, 'parameters'), findings, '{"phone": "string"}'), findings)
  const variables = readVariables(asObject(memberOf(root, 'variables'), findings, '{"millis": "$call_duration$ * 1000"}'), [...properties.keys(), ...personal.keys()], types, findings)
  return { names: knownNames({ form, properties, personal, types, variables: new Set(variables.map(({ name }) => name)) }), marked, variables }
}

const readForm = (place: Place | null, findings: Findings): PlaceholderForm =>
  asChoice<PlaceholderForm>(place, ['$$', '{}'], findings, 'unknown_var_char') ?? '$$'

function readProperties(place: Place | null, form: PlaceholderForm, marked: Set<string>, findings: Findings) {
  const properties = new Map<string, Property>()
  const personal = new Map<string, Property>()
  if (place && place.type !== 'array') findings.error('not_a_list', place.path, `"properties" is ${kindOf(place)}; it must be a list of names, such as ["API key"].`)
  // One that stands alone is taken as it was meant, so that its uses are not told of too.
  const items = place?.type === 'array' ? place.items : place?.type === 'string' ? [place] : []
  if (place && items.length > maxNames) findings.error('too_many', place.path, `There are ${String(items.length)} properties; there may be ${String(maxNames)}.`)
  for (const item of items.slice(0, maxNames)) {
    const read = readProperty(item, marked, findings)
    if (!read || !isPropertyName(read.name, findings)) continue
    const { isPersonal } = read
    const property = { ...read.property, name: bareName(read.name, form, findings) }
    if (properties.has(property.name) || personal.has(property.name)) {
      findings.error('name_twice', item.path, `There are two properties named "${property.name}". Keep one.`)
    } else if (parameterOf(property.name)) {
      findings.error('name_clash', item.path, `"${property.name}" is a parameter's name, so a property cannot have it. Name what the admin fills in, such as "Account".`)
    } else {
      (isPersonal ? personal : properties).set(property.name, property)
    }
  }
  return { properties, personal }
}

function readProperty(item: Place, marked: Set<string>, findings: Findings): { name: StringPlace; property: Property; isPersonal: boolean } | null {
  if (item.type === 'string') return { name: item, property: { name: item.value, isSecret: soundsSecret(item.value), isRequired: true }, isPersonal: false }
  if (item.type !== 'object') {
    findings.error('not_a_text', item.path, `A property is ${kindOf(item)}; it must be a name, such as "API key".`)
    return null
  }
  findings.extension('property_object', item.path, 'value')
  const meant = checkKeys(item, propertyKeys, findings)
  requireKey(item, 'name', meant, findings, 'This property has no "name".')
  const name = asText(memberOf(item, 'name'), findings, 'API key')
  const label = asText(memberOf(item, 'label'), findings, 'Key of the API')
  const help = asText(memberOf(item, 'help'), findings, 'Settings, then API')
  const isSecret = asBoolean(memberOf(item, 'secret'), findings)
  const isRequired = asBoolean(memberOf(item, 'required'), findings) ?? true
  const isPersonal = asBoolean(memberOf(item, 'personal'), findings) ?? false
  if (!name) return null
  if (isSecret !== null) marked.add(name.value)
  return {
    name, isPersonal,
    property: { name: name.value, isSecret: isSecret ?? soundsSecret(name.value), isRequired, ...(label ? { label: label.value } : {}), ...(help ? { help: help.value } : {}) },
  }
}

/** Names stand bare in `properties`; one that does not is taken as it was meant. */
function bareName({ value, path }: StringPlace, form: PlaceholderForm, findings: Findings): string {
  if (![...form].some(sign => value.includes(sign))) return value
  const bare = [...form].reduce((name, sign) => name.replaceAll(sign, ''), value)
  findings.error('bad_name', path, `A property's name stands bare here; only where it is used does it stand as ${written(form, bare)}.`, { suggestion: quoted(bare) })
  return bare
}

function isPropertyName(place: StringPlace, findings: Findings): boolean {
  const { value, path } = place
  const refuse = (message: string): boolean => {
    findings.error('bad_name', path, message)
    return false
  }
  if (value.trim() === '') return refuse('A property has no name.')
  if (value !== value.trim()) return refuse(`The property's name begins or ends with a space: "${value}".`)
  if (value.length > maxPropertyLength) return refuse(`The property's name has ${String(value.length)} characters; it may have ${String(maxPropertyLength)}.`)
  if (/\p{Cc}/u.test(value)) return refuse('The property\'s name holds a control character.')
  return isInert(value) ? true : refuse(`"${value}" cannot be a name, since it means something else to JavaScript. Choose another.`)
}

const isInert = (name: string): boolean => !['__proto__', 'constructor', 'prototype'].includes(name)

/** What other APIs call our types. */
const otherWords: Readonly<Record<string, ParameterType>> = {
  integer: 'number', int: 'number', long: 'number', float: 'number', double: 'number', decimal: 'number', text: 'string', str: 'string',
  varchar: 'string', uuid: 'string', bool: 'boolean', date: 'ISO8601Date', datetime: 'ISO8601Date', timestamp: 'ISO8601Date', iso8601: 'ISO8601Date',
}

function readParameters(place: ObjectPlace | null, findings: Findings): Map<string, ParameterType> {
  const types = new Map<string, ParameterType>()
  for (const { key, value } of atMost(place, findings)) {
    if (!isWord(key)) {
      findings.error('bad_name', value.path, `"${key}" cannot be a parameter's name: it is made of letters, digits and _, bare, without ${'$'} or braces.`, { about: 'key' })
      continue
    }
    const parameter = parameterOf(key)
    if (!parameter) {
      findings.extension('further_parameter', value.path)
      findings.warn('unknown_parameter', value.path, `"${key}" is not among the parameters that a call or contact fills in. Only answers can fill it.`, { about: 'key', suggestion: quoted(nearest(key, parameterNames)) })
    } else if (isFurther(key)) {
      findings.extension('further_parameter', value.path)
    }
    const type = readType(key, value, findings)
    // One that is wrongly typed is declared all the same.
    types.set(key, type ?? 'string')
  }
  return types
}

function readType(name: string, place: Place, findings: Findings): ParameterType | null {
  const found = place.type === 'string' ? parameterTypes.find(type => type === place.value) : undefined
  if (found === undefined) {
    const shown = place.type === 'string' ? `"${place.value}"` : kindOf(place)
    const suggestion = place.type === 'string' ? otherWords[place.value.toLowerCase()] ?? nearest(place.value, parameterTypes) : undefined
    findings.error('unknown_type', place.path, `"${name}" is of type ${shown}; types are ${parameterTypes.slice(0, 4).join(', ')}.`, { suggestion: quoted(suggestion) })
    return null
  }
  if (found === 'RFC3339') findings.extension('parameter_type', place.path, 'value')
  const kind = parameterOf(name)?.kind
  const isTime = found === 'ISO8601Date' || found === 'RFC3339'
  if (isTime && kind !== undefined && kind !== 'time') {
    findings.error('wrong_type', place.path, `"${name}" is no time, so it cannot be ${found}. Times are call_timestamp, call_timestop and since.`, { suggestion: kind === 'number' ? '"number"' : '"string"' })
  } else if (kind === 'phone' && found !== 'string') {
    findings.warn('wrong_type', place.path, `"${name}" is a telephone number, which loses its + and its leading zeros as ${found === 'number' ? 'a number' : found}.`, { suggestion: '"string"' })
  } else if (kind === 'file' && found !== 'string') {
    findings.error('wrong_type', place.path, '"file" is a recording, so its type is "string".', { suggestion: '"string"' })
  }
  return found
}

function readVariables(place: ObjectPlace | null, properties: readonly string[], types: ReadonlyMap<string, ParameterType>, findings: Findings): { name: string; place: Place }[] {
  return atMost(place, findings).flatMap(({ key, value }) => {
    if (!isWord(key)) {
      findings.error('bad_name', value.path, `"${key}" cannot be a variable's name: it is made of letters, digits and _, bare, without ${'$'} or braces.`, { about: 'key' })
      return []
    }
    if (types.has(key) || parameterOf(key) || properties.includes(key)) {
      findings.error('name_clash', value.path, `"${key}" is a ${properties.includes(key) ? 'property' : 'parameter'} already, so a variable cannot have its name.`, { about: 'key' })
      return []
    }
    return [{ name: key, place: value }]
  })
}

function atMost(place: ObjectPlace | null, findings: Findings): readonly Member[] {
  const members = place?.members ?? []
  if (place && members.length > maxNames) findings.error('too_many', place.path, `There are ${String(members.length)} of them; there may be ${String(maxNames)}.`, { about: 'key' })
  return members.slice(0, maxNames)
}

const isWord = (name: string): boolean => /^[A-Za-z_]\w{0,63}$/.test(name) && isInert(name)

const quoted = (name: string | undefined): string | undefined => name === undefined ? undefined : `"${name}"`
