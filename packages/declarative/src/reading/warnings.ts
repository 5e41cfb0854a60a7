import { namesInTemplate } from '../template.js'
import type { Findings } from './findings.js'
import { memberOf, type ObjectPlace } from './json-source.js'
import { isKnownIn, methodFacts } from './method-facts.js'
import { kindOfName, written } from './names.js'
import { namesInResponse } from './names-in-values.js'
import { parameterOf } from './parameter-facts.js'
import type { MethodRead } from './read-method.js'
import type { NamesRead } from './read-names.js'
import type { Texts } from './texts.js'

/** Warns of methods that can be sent and do not do what they are for. */
export function warnOfMethods(methods: readonly MethodRead[], root: ObjectPlace, isSecret: (name: string) => boolean, texts: Texts, findings: Findings): void {
  const show = (names: readonly string[]): string => names.map(name => written(texts.names.form, name)).join(' or ')
  for (const { method, path, sends } of methods) {
    const { needs, yields } = methodFacts[method.name]
    const isTold = findings.hasAnyIn(path)
    for (const names of needs) {
      if (!isTold && !names.some(name => sends.has(name))) findings.warn('id_missing', path, `${method.name} sends no ${show(names)}, so the CRM cannot know what is meant.`, { about: 'key' })
    }
    const captured = new Set(method.response ? namesInResponse(method.response) : [])
    for (const names of yields) {
      if (!isTold && !names.some(name => captured.has(name))) findings.warn('never_yields', path, `${method.name} ${method.response ? 'maps' : 'has no "response_map", so it gives'} no ${show(names)}, so what it finds or makes cannot be used.`, { about: 'key' })
    }
    for (const name of sends) {
      if (kindOfName(texts.names, name) === 'parameter' && !isKnownIn(method.name, name)) {
        findings.warn('never_known', path, `${show([name])} is never known when ${method.name} is sent.`, { about: 'key' })
      }
    }
    for (const name of texts.reach(namesInTemplate(method.url))) {
      if (isSecret(name)) findings.warn('secret_in_address', path, `"${name}" is a secret and stands in the address of ${method.name}, where logs keep it. Use "auth" if the CRM can take it there.`, { about: 'key' })
    }
  }
  const has = (name: string): boolean => methods.some(({ method }) => method.name === name)
  const api = memberOf(root, 'api') ?? memberOf(root, 'API')
  if (!api || methods.length === 0 || findings.hasErrors) return
  if (!has('FindContact')) findings.warn('method_missing', api.path, 'There is no FindContact, so callers are found only through Contacts and the directory.', { about: 'key' })
  if (!has('CreateActivity')) findings.warn('method_missing', api.path, 'There is no CreateActivity, so calls are not logged.', { about: 'key' })
}

/** Warns of what is declared and used nowhere. */
export function warnOfUnused(root: ObjectPlace, { names, variables }: NamesRead, texts: Texts, findings: Findings): void {
  // Where something is wrong, what seems unused is mostly what was meant there.
  if (findings.hasErrors) return
  const isMeant = (name: string): boolean => findings.problems.some(({ suggestion }) => suggestion === written(names.form, name))
  const properties = memberOf(root, 'properties')
  for (const item of properties?.type === 'array' ? properties.items : []) {
    const text = item.type === 'object' ? memberOf(item, 'name') : item
    if (text?.type === 'string' && (names.properties.has(text.value) || names.personal.has(text.value)) && !texts.uses.has(text.value) && !isMeant(text.value)) {
      findings.warn('unused', item.path, `The property "${text.value}" is asked for and used nowhere.`)
    }
  }
  for (const name of names.types.keys()) {
    if (!texts.uses.has(name) && parameterOf(name) && !isMeant(name)) findings.warn('unused', ['parameters', name], `The parameter "${name}" is declared and used nowhere.`, { about: 'key' })
  }
  for (const { name, place } of variables) {
    if (!texts.uses.has(name) && !isMeant(name)) findings.warn('unused', place.path, `The variable "${name}" is computed and used nowhere.`, { about: 'key' })
  }
}
