import type { ResponseTemplate, Template, ValueTemplate } from '../description.js'
import { namesInExpression, parseExpression, type Expression } from '../expression.js'
import { namesInTemplate, parseTemplate } from '../template.js'
import { isFurther, parameterNames } from './parameter-facts.js'
import type { Findings } from './findings.js'
import type { Path, Place, StringPlace } from './json-source.js'
import { refuseUnknownProperties, warnOfLookAlikes } from './look-alikes.js'
import { isOfInstallation, kindOfName, written, type Names } from './names.js'

/** What a text is for, which says what may stand in it. */
export type Role = 'request' | 'credentials' | 'link'

/** Takes a document's texts apart, and remembers which names they use. */
export class Texts {
  /** Where each name is used first. */
  readonly uses = new Map<string, Path>()
  readonly #captured = new Set<string>()
  readonly #answerNames: ReadonlySet<string>
  readonly #undeclared = new Set<string>()
  /** What the variables stand on, further variables among it; filled in as they are read. */
  readonly #reach = new Map<string, readonly string[]>()

  constructor(readonly names: Names, private readonly findings: Findings) {
    this.#answerNames = new Set([...names.types.keys(), ...parameterNames])
  }

  template(place: StringPlace, role: Role): Template {
    const template = parseTemplate(place.value, this.names.known, this.names.form)
    this.#note(namesInTemplate(template), place, role)
    if (role === 'credentials') refuseUnknownProperties(template, place.path, this.names, this.findings)
    else warnOfLookAlikes(template, place.path, this.names, this.findings)
    return template
  }

  /** `null` when it is none. */
  expression(place: StringPlace): Expression | null {
    const expression = parseExpression(place.value, this.names.known, this.names.form)
    if (expression) this.#note(namesInExpression(expression), place, 'request')
    return expression
  }

  value(place: Place): ValueTemplate {
    switch (place.type) {
      case 'object':
        this.#warnOfKeys(place.members.map(({ key, value }) => ({ key, path: value.path })))
        return { kind: 'object', members: place.members.map(({ key, value }) => [key, this.value(value)]) }
      case 'array': return { kind: 'array', items: place.items.map(item => this.value(item)) }
      case 'string': {
        const template = this.template(place, 'request')
        const [only, second] = template
        if (only === undefined) return { kind: 'constant', value: '' }
        if (second === undefined) return typeof only === 'string' ? { kind: 'constant', value: only } : { kind: 'value', name: only.name }
        return { kind: 'text', template }
      }
      default: return { kind: 'constant', value: place.value }
    }
  }

  response(place: Place): ResponseTemplate {
    switch (place.type) {
      case 'object': return { kind: 'object', members: place.members.map(({ key, value }) => [key, this.response(value)]) }
      case 'array': return { kind: 'array', items: place.items.map(item => this.response(item)) }
      case 'string': {
        const template = parseTemplate(place.value, this.#answerNames, this.names.form)
        warnOfLookAlikes(template, place.path, this.names, this.findings, this.#answerNames)
        const captured = namesInTemplate(template)
        if (captured.length === 0) return { kind: 'constant', value: place.value }
        this.#warnOfAdjacent(template, place)
        for (const name of captured) {
          this.#captured.add(name)
          this.#use(name, place)
        }
        return { kind: 'capture', template }
      }
      default: return { kind: 'constant', value: place.value }
    }
  }

  /** @param reads what the variable's text names */
  noteVariable(name: string, reads: readonly string[]): void {
    this.#reach.set(name, reads)
  }

  /** The names themselves and all that they stand on. */
  reach(names: Iterable<string>): Set<string> {
    const reached = new Set<string>()
    const visit = (name: string): void => {
      if (reached.has(name)) return
      reached.add(name)
      for (const next of this.#reach.get(name) ?? []) visit(next)
    }
    for (const name of names) visit(name)
    return reached
  }

  /** Some answer fills it. */
  isCaptured(name: string): boolean {
    return this.#captured.has(name)
  }

  #note(used: readonly string[], place: StringPlace, role: Role): void {
    for (const name of used) {
      const kind = kindOfName(this.names, name)
      const at = this.#at(place, name)
      if (role === 'credentials' && !isOfInstallation(this.names, name) && kind !== 'personal') {
        this.findings.error('not_known_yet', place.path, `${this.#written(name)} is a ${kind}, and nothing is known of a call when the CRM is asked for access. Only properties can stand here.`, { at })
      }
      if (role !== 'credentials' && kind === 'personal') {
        this.findings.error('personal_property', place.path, `"${name}" is asked of each agent and used for their credentials only. Take "personal" from it, or ${this.#written(name)} from here.`, { at })
      }
      this.#use(name, place)
    }
  }

  #use(name: string, place: StringPlace): void {
    if (!this.uses.has(name)) this.uses.set(name, place.path)
    if (kindOfName(this.names, name) !== 'parameter' || this.names.types.has(name) || this.#undeclared.has(name)) return
    this.#undeclared.add(name)
    if (isFurther(name)) this.findings.extension('further_parameter', place.path, 'value')
    // Of the installation, so that it has no type in the CRM.
    if (name !== 'hostname') this.findings.warn('undeclared_parameter', place.path, `${this.#written(name)} is not among "parameters". It is read as the parameter of that name; declare it, so that its type is yours to choose.`, { at: this.#at(place, name) })
  }

  #warnOfKeys(keys: readonly { readonly key: string; readonly path: Path }[]): void {
    for (const { key, path } of keys) {
      if (namesInTemplate(parseTemplate(key, this.names.known, this.names.form)).length === 0) continue
      this.findings.warn('placeholder_in_key', path, `Nothing is filled into keys: "${key}" is sent as it is written.`, { about: 'key' })
    }
  }

  #warnOfAdjacent(template: Template, place: StringPlace): void {
    const index = template.findIndex((part, at) => typeof part !== 'string' && typeof template[at + 1] === 'object')
    if (index === -1) return
    this.findings.warn('nothing_between', place.path, 'Two placeholders stand side by side here, and nothing says where one ends and the other begins. Write what the CRM has between them, or map one only.')
  }

  #at(place: StringPlace, name: string): { offset: number; length: number } {
    const text = this.#written(name)
    return { offset: place.value.indexOf(text), length: text.length }
  }

  #written(name: string): string {
    return written(this.names.form, name)
  }
}
