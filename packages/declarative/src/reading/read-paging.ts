import type { MethodName, Paging } from '../description.js'
import { parameterNames } from './parameter-facts.js'
import type { Findings } from './findings.js'
import { memberOf, type Place } from './json-source.js'
import { methodFacts } from './method-facts.js'
import { nearest } from './nearest.js'
import { asChoice, asInteger, asObject, asText, checkKeys, requireKey } from './shapes.js'
import type { Texts } from './texts.js'

/** The extension `request_page`. */
export function readPaging(name: MethodName, place: Place | null, texts: Texts, findings: Findings): Paging | null {
  if (!place) return null
  findings.extension('request_page', place.path)
  if (!methodFacts[name].isList) findings.error('not_here', place.path, `${name} has no pages: "request_page" is for methods that list.`, { about: 'key' })
  const page = asObject(place, findings, '{"param": "page", "start": 1, "step": 1, "stop": "empty"}')
  if (!page) return null
  const next = memberOf(page, 'next')
  const meant = checkKeys(page, next ? ['param', 'next'] : ['param', 'start', 'step', 'stop', 'next'], findings)
  requireKey(page, 'param', meant, findings, '"request_page" has no "param": the query parameter that says which page.')
  const param = asText(memberOf(page, 'param'), findings, 'page')?.value ?? ''
  if (next) {
    const text = asText(next, findings, 'next_page')
    if (text && !parameterNames.includes(text.value) && !texts.names.types.has(text.value)) {
      findings.error('unknown_parameter', text.path, `"next" names the parameter that the answer fills with the next page, bare; "${text.value}" is none.`, { suggestion: `"${nearest(text.value.replace(/^[${]|[$}]$/g, ''), parameterNames) ?? 'next_page'}"` })
    } else if (text && !texts.isCaptured(text.value)) {
      findings.error('never_yields', text.path, `No answer fills "${text.value}", so there is never a next page. Map it in "response_map".`)
    }
    return { by: 'cursor', param, name: text?.value ?? '' }
  }
  const limits = [0, 1_000_000] as const
  return {
    by: 'number', param,
    start: asInteger(memberOf(page, 'start'), findings, limits) ?? 1,
    step: asInteger(memberOf(page, 'step'), findings, [1, limits[1]]) ?? 1,
    stop: asChoice(memberOf(page, 'stop'), ['empty', 'short'], findings, 'unknown_stop') ?? 'empty',
  }
}
