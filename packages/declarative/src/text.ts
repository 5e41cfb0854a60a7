import type { Template } from './description.js'
import type { Scope } from './evaluate.js'
import { checkQuoted, quotesAround, type Quote } from './quoted.js'
import type { Scalar } from './scalar.js'

/** The text with its values, or `null` when one of them is missing. Values are never looked through again. */
export function fillText(template: Template, scope: Scope): string | null {
  const quotes = quotesOf(template)
  let text = ''
  for (const [index, part] of template.entries()) {
    const value = typeof part === 'string' ? part : guarded(scope.valueOf(part.name), quotes[index] ?? null, part.name, scope)
    if (value === null) return null
    text += String(value)
  }
  return text
}

export const guarded = (value: Scalar | null, quote: Quote | null, name: string, scope: Scope): Scalar | null =>
  value === null || quote === null || scope.allowsQuotes ? value : checkQuoted(value, quote, name)

const known = new WeakMap<Template, readonly (Quote | null)[]>()

/** The same for each call, so found once. */
export function quotesOf(template: Template): readonly (Quote | null)[] {
  const quotes = known.get(template) ?? quotesAround(template.map(part => typeof part === 'string' ? part : null))
  known.set(template, quotes)
  return quotes
}
