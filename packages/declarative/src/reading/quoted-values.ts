import { quotesAround } from '../quoted.js'
import { namesInTemplate, parseTemplate } from '../template.js'
import type { Findings } from './findings.js'
import type { Place, StringPlace } from './json-source.js'
import { kindOfName, written } from './names.js'
import { parameterOf } from './parameter-facts.js'
import type { Texts } from './texts.js'

/**
 * Warns of values that stand between quotes of a query language. Numbers are brought down to digits before they are sent, and ids are the
 * CRM's own; anything else may hold a quote.
 */
export function warnOfQuoted(place: Place | null, texts: Texts, findings: Findings): void {
  switch (place?.type) {
    case 'object': for (const { value } of place.members) warnOfQuoted(value, texts, findings); return
    case 'array': for (const item of place.items) warnOfQuoted(item, texts, findings); return
    case 'string': warnOfQuotedIn(place, texts, findings)
  }
}

function warnOfQuotedIn(place: StringPlace, texts: Texts, findings: Findings): void {
  const template = parseTemplate(place.value, texts.names.known, texts.names.form)
  if (namesInTemplate(template).length === 0) return
  const quotes = quotesAround(template.map(part => typeof part === 'string' ? part : null))
  for (const [index, part] of template.entries()) {
    if (typeof part === 'string' || quotes[index] === null || !mayHoldQuotes(part.name, texts)) continue
    const name = written(texts.names.form, part.name)
    findings.warn('value_in_quotes', place.path, `${name} stands between quotes of a query. A value with ${quotes[index] ?? ''} or \\ in it, such as O'Brien, could change what is asked, so it is refused instead of sent. Let the CRM take it as a parameter of its own if it can; if its own rules make such values safe, say "allow_quotes": true.`, {
      at: { offset: place.value.indexOf(name), length: name.length },
    })
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
const wordsOnly = ['activity_type', 'call_cause', 'external_id', 'call_result', 'hostname']
