import type { Property } from '@linefinder/core'
import type { ParameterType, Template, ValueTemplate, Variable } from '../../description.js'
import { parseExpression } from '../../expression.js'
import { merged } from '../addresses.js'
import type { Findings } from '../findings.js'
import type { Path, Place, StringPlace } from '../json-source.js'
import { nearest } from '../nearest.js'
import { absentBelow, meanings, type Meaning } from './variables.js'

export const placeholder = /\{\{([^{}]{1,200})\}\}/g

type Parts = readonly (string | { readonly meaning: Meaning; readonly written: string; readonly offset: number })[]

/** Takes the texts of a document apart, and gathers what they need. */
export class ProxyValues {
  readonly properties = new Map<string, Property>()
  readonly personal = new Map<string, Property>()
  readonly types = new Map<string, ParameterType>()
  /** Parameters that a request of this document sends. */
  readonly sent = new Set<string>()
  #usesDirection = false

  /**
   * @param ofAgents fields of the connecting page that only credentials name; others are asked of the admin
   * @param answered fields that `getUserInfo` fills
   */
  constructor(
    private readonly platform: string, private readonly ofAgents: ReadonlySet<string>, private readonly answered: ReadonlySet<string>, private readonly findings: Findings,
  ) {}

  get variables(): Variable[] {
    const direction = parseExpression('$activity_type$ == \'inbound\' ? \'Inbound\' : \'Outbound\'', new Set(['activity_type']))
    return this.#usesDirection && direction ? [{ name: 'call_direction', value: { kind: 'expression', expression: direction } }] : []
  }

  /** A text in an address, a header or credentials: every part of it must be known. */
  text(place: StringPlace, role: 'request' | 'credentials'): Template {
    return this.#filled(this.#parts(place), place, role)
  }

  #filled(parts: Parts, place: StringPlace, role: 'request' | 'credentials'): Template {
    return parts.flatMap(part => {
      if (typeof part === 'string') return [part]
      if (part.meaning.is === 'absent') {
        this.findings.error('no_counterpart', place.path, `${part.written} has nothing to stand for here. ${part.meaning.why}`, atOf(part))
        return []
      }
      return this.#template(part.meaning, place.path, role, part)
    })
  }

  /** `null` for a part that has nothing to stand for here, which is left out. */
  value(place: Place): ValueTemplate | null {
    switch (place.type) {
      case 'object': return { kind: 'object', members: place.members.flatMap(({ key, value }) => { const read = this.value(value); return read ? [[key, read] as const] : [] }) }
      case 'array': return { kind: 'array', items: place.items.flatMap(item => this.value(item) ?? []) }
      case 'string': return this.#string(place)
      default: return { kind: 'constant', value: place.value }
    }
  }

  #string(place: StringPlace): ValueTemplate | null {
    const parts = this.#parts(place)
    const [only] = parts
    if (parts.length === 1 && typeof only === 'object' && only.meaning.is === 'absent') {
      this.findings.warn('no_counterpart', place.path, `${only.written} has nothing to stand for here, so this is left out. ${only.meaning.why}`)
      return null
    }
    const template = merged(this.#filled(parts, place, 'request'))
    const [first, second] = template
    if (first === undefined) return { kind: 'constant', value: '' }
    if (second === undefined) return typeof first === 'string' ? { kind: 'constant', value: first } : { kind: 'value', name: first.name }
    return { kind: 'text', template }
  }

  #parts(place: StringPlace): Parts {
    const parts: Parts[number][] = []
    let from = 0
    for (const match of place.value.matchAll(placeholder)) {
      if (match.index > from) parts.push(place.value.slice(from, match.index))
      parts.push({ meaning: this.#meaningOf((match[1] ?? '').trim(), place, match.index, match[0].length), written: match[0], offset: match.index })
      from = match.index + match[0].length
    }
    if (from < place.value.length) parts.push(place.value.slice(from))
    return parts
  }

  #meaningOf(name: string, place: StringPlace, offset: number, length: number): Meaning {
    const known = Object.hasOwn(meanings, name) ? meanings[name] : undefined
    if (known) return known
    if (name === 'platform') return { is: 'constant', value: this.platform }
    const field = fieldOf(name)
    if (field !== undefined) return this.#fieldMeaning(field)
    const below = Object.keys(absentBelow).find(beginning => name.startsWith(beginning))
    if (below !== undefined) return { is: 'absent', why: absentBelow[below] ?? '' }
    const like = nearest(name, Object.keys(meanings))
    this.findings.error('unknown_placeholder', place.path, `{{${name}}} is not known.`, { at: { offset, length }, suggestion: like === undefined ? undefined : `{{${like}}}` })
    return { is: 'constant', value: '' }
  }

  #fieldMeaning(field: string): Meaning {
    if (this.answered.has(field)) return { is: 'absent', why: `"${field}" is what getUserInfo answered, and that is not kept for each agent.` }
    const isSecret = /secret|token|password|api.?key/i.test(field)
    return this.ofAgents.has(field) ? { is: 'personal', name: field, isSecret } : { is: 'property', name: field, isSecret }
  }

  #template(meaning: Exclude<Meaning, { is: 'absent' }>, path: Path, role: 'request' | 'credentials', part: { written: string; offset: number }): Template {
    switch (meaning.is) {
      case 'constant': return meaning.value === '' ? [] : [meaning.value]
      case 'property':
        this.properties.set(meaning.name, { name: meaning.name, isSecret: meaning.isSecret || role === 'credentials', isRequired: true })
        return [{ name: meaning.name }]
      case 'personal':
        if (role === 'request') {
          this.findings.error('personal_property', path, `${part.written} is a credential, and those are sent by "auth" only.`, atOf(part))
          return []
        }
        this.personal.set(meaning.name, { name: meaning.name, isSecret: meaning.isSecret, isRequired: true })
        return [{ name: meaning.name }]
      case 'variable':
        this.#usesDirection = true
        this.sent.add('activity_type')
        return this.#ofCall(meaning.name, path, role, part)
      case 'parameter':
        this.#declare(meaning.name, meaning.type, path, part)
        return this.#ofCall(meaning.name, path, role, part)
    }
  }

  #ofCall(name: string, path: Path, role: 'request' | 'credentials', part: { written: string; offset: number }): Template {
    if (role === 'credentials' && name !== 'hostname') {
      this.findings.error('not_known_yet', path, `${part.written} is not known when the CRM is asked for access.`, atOf(part))
      return []
    }
    this.sent.add(name)
    return [{ name }]
  }

  #declare(name: string, type: ParameterType | undefined, path: Path, part: { written: string; offset: number }): void {
    if (type === undefined) return
    const declared = this.types.get(name)
    if (declared !== undefined && declared !== type) {
      this.findings.error('two_types', path, `${part.written} and another name of this document mean the same time, once as a text and once as milliseconds. Use one of them.`, atOf(part))
    }
    this.types.set(name, type)
  }
}

/** Fields of the connecting page that the text names. */
export const fieldsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(placeholder)].flatMap(([, name = '']) => fieldOf(name.trim()) ?? []))

const fieldOf = (name: string): string | undefined => /^(?:user\.platformAdditionalInfo|additionalInfo)\.([\w -]{1,60})$/.exec(name)?.[1]

const atOf = ({ offset, written }: { offset: number; written: string }) => ({ at: { offset, length: written.length } })
