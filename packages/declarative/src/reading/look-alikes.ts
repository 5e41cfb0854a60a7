import type { Template } from '../description.js'
import type { PlaceholderForm } from '../template.js'
import type { Findings } from './findings.js'
import type { Path } from './json-source.js'
import { kindOfName, written, type Names } from './names.js'
import { nearest } from './nearest.js'

const patterns: Readonly<Record<PlaceholderForm, RegExp>> = { '$$': /\$([A-Za-z_][\w -]{0,60})\$/g, '{}': /\{([A-Za-z_][\w -]{0,60})\}/g }
const otherForm: Readonly<Record<PlaceholderForm, PlaceholderForm>> = { '$$': '{}', '{}': '$$' }

/** Warns of what stays in a text as it is written and looks like a placeholder. */
export function warnOfLookAlikes(template: Template, path: Path, names: Names, findings: Findings, allowed: ReadonlySet<string> = names.known): void {
  let offset = 0
  for (const part of template) {
    if (typeof part !== 'string') {
      offset += part.name.length + 2
      continue
    }
    for (const match of part.matchAll(patterns[names.form])) warnOfUnknown(match, offset, path, names, findings, allowed)
    for (const match of part.matchAll(patterns[otherForm[names.form]])) warnOfOtherForm(match, offset, path, names, findings)
    offset += part.length
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
