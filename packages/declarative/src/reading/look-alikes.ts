import type { Template } from '../description.js'
import type { PlaceholderForm } from '../template.js'
import type { Findings } from './findings.js'
import type { Path, StringPlace } from './json-source.js'
import { kindOfName, written, type Names } from './names.js'
import { nearest } from './nearest.js'

const patterns: Readonly<Record<PlaceholderForm, RegExp>> = { '$$': /\$([A-Za-z_][\w -]{0,60})\$/g, '{}': /\{([A-Za-z_][\w -]{0,60})\}/g }
const otherForm: Readonly<Record<PlaceholderForm, PlaceholderForm>> = { '$$': '{}', '{}': '$$' }

/** What in it is written as a placeholder is and stands for nothing. */
export const hasLookAlike = ({ value }: StringPlace, form: PlaceholderForm): boolean => value.search(patterns[form]) !== -1

/** An error for each property that a credential names and that there is not: nothing would be let in without it. */
export function refuseUnknownProperties(template: Template, path: Path, names: Names, findings: Findings): void {
  eachLiteral(template, (part, offset) => {
    for (const { 0: whole, 1: name = '', index } of part.matchAll(patterns[names.form])) {
      const like = nearest(name, [...names.properties.keys(), ...names.personal.keys()])
      findings.error('unknown_property', path, `${whole} is no property of this document. Add "${name}" to "properties", or write one that is there.`, {
        at: { offset: offset + index, length: whole.length }, suggestion: like === undefined ? undefined : written(names.form, like),
      })
    }
  })
}

/** Warns of what stays in a text as it is written and looks like a placeholder. */
export function warnOfLookAlikes(template: Template, path: Path, names: Names, findings: Findings, allowed: ReadonlySet<string> = names.known): void {
  eachLiteral(template, (part, offset) => {
    for (const match of part.matchAll(patterns[names.form])) warnOfUnknown(match, offset, path, names, findings, allowed)
    for (const match of part.matchAll(patterns[otherForm[names.form]])) warnOfOtherForm(match, offset, path, names, findings)
  })
}

function eachLiteral(template: Template, visit: (part: string, offset: number) => void): void {
  let offset = 0
  for (const part of template) {
    if (typeof part === 'string') visit(part, offset)
    offset += typeof part === 'string' ? part.length : part.name.length + 2
  }
}

function warnOfUnknown(match: RegExpExecArray, base: number, path: Path, names: Names, findings: Findings, allowed: ReadonlySet<string>): void {
  const [whole, name = ''] = match
  const at = { offset: base + match.index, length: whole.length }
  if (names.known.has(name)) {
    findings.error('not_filled_by_answers', path, `${whole} is a ${wordFor(kindOfName(names, name))}, and an answer fills parameters only.`, { at })
    return
  }
  const like = nearest(name, allowed)
  // With spaces it is a name only where a known one is near: "from $5 to $6" is none.
  if (like === undefined && /[ -]/.test(name)) return
  findings.warn('unknown_placeholder', path, `${whole} is no property, parameter or variable of this document, so it is sent as it is written.`, {
    at, suggestion: like === undefined ? undefined : written(names.form, like),
  })
}

function warnOfOtherForm(match: RegExpExecArray, base: number, path: Path, names: Names, findings: Findings): void {
  const [whole, name = ''] = match
  if (!names.known.has(name)) return
  const advice = names.form === '$$' ? 'or say "var_char": "{}" to write all of them with braces' : 'since "var_char" says braces'
  findings.warn('other_form', path, `${whole} is not read as a placeholder here: write ${written(names.form, name)}, ${advice}.`, {
    at: { offset: base + match.index, length: whole.length }, suggestion: written(names.form, name),
  })
}

const wordFor = (kind: ReturnType<typeof kindOfName>): string => kind === 'personal' ? 'property' : kind
