import type { Template, ValueTemplate } from '../description.js'
import { parameterOf } from './catalogue.js'
import type { Findings } from './findings.js'
import type { Path } from './json-source.js'
import { kindOfName, written } from './names.js'
import type { Texts } from './texts.js'

/**
 * Warns of values that stand between quotes of a query language. Numbers are brought down to digits before they are sent, and ids are the
 * CRM's own; anything else may hold a quote.
 */
export function warnOfQuoted(template: Template, path: Path, texts: Texts, findings: Findings): void {
  let quote: string | null = null
  for (const part of template) {
    if (typeof part === 'string') {
      for (const char of part) {
        if (quote === null ? char === '\'' || char === '"' : char === quote) quote = quote === null ? char : null
      }
    } else if (quote !== null && mayHoldQuotes(part.name, texts)) {
      const name = written(texts.names.form, part.name)
      findings.warn('value_in_quotes', path, `${name} stands between quotes of a query, so a value with ' or \\ in it, such as O'Brien, could change what is asked and is refused instead of sent. Let the CRM take it as a parameter of its own if it can; if its own rules make such values safe, say "allow_quotes": true.`)
    }
  }
}

export function warnOfQuotedIn(value: ValueTemplate, path: Path, texts: Texts, findings: Findings): void {
  switch (value.kind) {
    case 'text': warnOfQuoted(value.template, path, texts, findings); return
    case 'object': for (const [key, member] of value.members) warnOfQuotedIn(member, [...path, key], texts, findings); return
    case 'array': value.items.forEach((item, index) => { warnOfQuotedIn(item, [...path, index], texts, findings) })
  }
}

function mayHoldQuotes(name: string, texts: Texts): boolean {
  return [...texts.reach([name])].some(each => {
    if (kindOfName(texts.names, each) !== 'parameter') return false
    const type = texts.names.types.get(each)
    const kind = parameterOf(each)?.kind ?? 'text'
    return (kind === 'text' || kind === 'file') && type !== 'number' && type !== 'boolean' && !wordsOnly.includes(each)
  })
}

/** Texts of the server's own making. */
const wordsOnly = ['activity_type', 'call_cause', 'external_id']
