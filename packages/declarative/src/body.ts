import { CrmError } from '@linefinder/core'
import type { ValueTemplate } from './description.js'
import { encodeName, encodeValue } from './encode.js'
import type { Scalar } from './scalar.js'
import { fillText } from './text.js'
import type { Values } from './values.js'

export type Filled = Scalar | null | readonly Filled[] | { readonly [key: string]: Filled }

/** Which parts of a body are sent, and as what. */
export interface BodyRules {
  /** The parts that come from these parameters are left out. */
  isLeftOut?(names: readonly string[]): boolean
  /** What a part without a value is sent as. Default: it is left out. */
  whenMissing?(names: readonly string[]): null | undefined
}

/** The parameters that a request has, in UTF-16 units of all its texts. */
export const maxBodyLength = 2_000_000
const maxDepth = 100

/** With values in place of placeholders. What has no value is left out, and what is empty because of it; `undefined`: all of it. */
export function fillBody(template: ValueTemplate, values: Values, rules: BodyRules = {}): Filled | undefined {
  let length = 0
  const leaf = (names: readonly string[], value: () => Scalar | null): Filled | undefined => {
    if (names.length > 0 && rules.isLeftOut?.(names) === true) return undefined
    const filled = value() ?? rules.whenMissing?.(names)
    length += typeof filled === 'string' ? filled.length : 8
    if (length > maxBodyLength) throw new CrmError('rejected', { detail: 'The request would be too long.' })
    return filled
  }
  const fill = (part: ValueTemplate, depth: number): Filled | undefined => {
    if (depth > maxDepth) throw new CrmError('rejected', { detail: 'The request is nested too deeply.' })
    switch (part.kind) {
      case 'constant': return part.value
      case 'value': return leaf([part.name], () => values.valueOf(part.name))
      case 'text': return leaf(part.template.flatMap(each => typeof each === 'string' ? [] : [each.name]), () => fillText(part.template, values))
      case 'array': {
        const items = part.items.map(item => fill(item, depth + 1)).filter(item => item !== undefined)
        return items.length === 0 && part.items.length > 0 ? undefined : items
      }
      case 'object': {
        const members = part.members.flatMap(([key, value]) => {
          const filled = fill(value, depth + 1)
          return filled === undefined ? [] : [[key, filled] as const]
        })
        // As own members, `__proto__` too.
        return members.length === 0 && part.members.length > 0 ? undefined : Object.fromEntries(members)
      }
    }
  }
  return fill(template, 0)
}

/** As the fields of a form or query, in order: `a=1&a=2` for an array, `a[b]=1` for an object. */
export function fieldsOf(filled: Filled | undefined): (readonly [name: string, value: string])[] {
  const fields: (readonly [string, string])[] = []
  const add = (name: string, value: Filled): void => {
    if (Array.isArray(value)) for (const item of value as readonly Filled[]) add(name, item)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) add(name === '' ? key : `${name}[${key}]`, member)
    } else if (name !== '') fields.push([name, value === null ? '' : String(value)])
  }
  if (filled !== undefined) add('', filled)
  return fields
}

export const asQuery = (fields: readonly (readonly [string, string])[]): string =>
  fields.map(([name, value]) => `${encodeName(name)}=${encodeValue(value)}`).join('&')
