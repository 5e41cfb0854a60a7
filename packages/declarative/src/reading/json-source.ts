import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import type { Problem } from '../description.js'

export type Path = readonly (string | number)[]

/** A value of a document, and where it is. */
export type Place =
  | { readonly type: 'object'; readonly path: Path; readonly members: readonly Member[] }
  | { readonly type: 'array'; readonly path: Path; readonly items: readonly Place[] }
  | { readonly type: 'string'; readonly path: Path; readonly value: string }
  | { readonly type: 'number'; readonly path: Path; readonly value: number }
  | { readonly type: 'boolean'; readonly path: Path; readonly value: boolean }
  | { readonly type: 'null'; readonly path: Path; readonly value: null }

export interface Member {
  readonly key: string
  readonly value: Place
}

export type ObjectPlace = Extract<Place, { type: 'object' }>
export type StringPlace = Extract<Place, { type: 'string' }>

export const maxDocumentBytes = 1_000_000
export const maxDocumentDepth = 100

/** Comments and commas too many that are told of. */
const maxFaults = 200

export interface JsonSource {
  /** `null` where the text is so broken that nothing further can be said of it. */
  readonly root: Place | null
  readonly problems: readonly Problem[]
}

/** Strict JSON (RFC 8259). Comments and commas before a closing bracket are told, and read past. */
export function readJson(document: string): JsonSource {
  const text = withoutMark(document)
  const tooMuch = limitsOf(text)
  if (tooMuch) return { root: null, problems: [tooMuch] }
  const errors: ParseError[] = []
  const node = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  const { problems, isBroken } = syntaxProblems(text, errors)
  if (isBroken || !node) return { root: null, problems }
  const duplicates: Problem[] = []
  return { root: placeOf(node, [], duplicates), problems: [...problems, ...duplicates] }
}

/** Some editors begin a file with a byte order mark, which is no part of it. Offsets stay. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, ' ')

/** The member of that name; the last, where there are several. */
export const memberOf = (place: ObjectPlace, key: string): Place | null => place.members.findLast(member => member.key === key)?.value ?? null

/** As it is named in messages. */
export function kindOf(place: Place): string {
  switch (place.type) {
    case 'object': return 'an object'
    case 'array': return 'a list'
    case 'string': return place.value === '' ? 'an empty text' : 'a text'
    case 'number': return 'a number'
    case 'boolean': return place.value ? 'true' : 'false'
    case 'null': return 'null'
  }
}

/** Looked at token by token, since a parser that goes down with the brackets has only so much of a stack. */
function limitsOf(text: string): Problem | null {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxDocumentBytes) {
    return fault('too_large', 0, 0, `The document has ${String(bytes)} bytes; it may have ${String(maxDocumentBytes)}. Describe one CRM, and leave out what is not needed.`)
  }
  const scanner = createScanner(text, true)
  let depth = 0
  for (;;) {
    const token = tokens[scanner.scan()]
    if (token === 'open' && ++depth > maxDocumentDepth) {
      return fault('too_deep', scanner.getTokenOffset(), 1, `Brackets nest deeper than ${String(maxDocumentDepth)} levels here, and no answer of a CRM needs that.`)
    }
    if (token === 'close') depth--
    if (token === 'end') return null
  }
}

/** Of the scanner's kinds of tokens, those that count here; its enumeration exists for the compiler alone. */
const tokens: Readonly<Partial<Record<number, 'open' | 'close' | 'end'>>> = { 1: 'open', 2: 'close', 3: 'open', 4: 'close', 17: 'end' }

function syntaxProblems(text: string, errors: readonly ParseError[]): { problems: Problem[]; isBroken: boolean } {
  const problems: Problem[] = []
  let passedUntil = -1
  for (const { error, offset, length } of errors) {
    if (problems.length >= maxFaults) return { problems, isBroken: true }
    const code = printParseErrorCode(error)
    if (offset <= passedUntil) continue
    if (code === 'InvalidCommentToken' || code === 'UnexpectedEndOfComment') {
      problems.push(fault('comment', offset, length, 'JSON has no comments. Take it out.'))
      continue
    }
    const comma = commaBefore(text, offset)
    if (comma !== null && (text[offset] === '}' || text[offset] === ']') && (code === 'PropertyNameExpected' || code === 'ValueExpected')) {
      problems.push(fault('trailing_comma', comma, 1, `There is a comma and nothing behind it before "${text[offset] ?? ''}". Take the comma out.`))
      passedUntil = offset
      continue
    }
    // What comes behind the first real fault is mostly its consequence.
    return { problems: [...problems, syntaxFault(text, code, offset, length)], isBroken: true }
  }
  return { problems, isBroken: false }
}

function commaBefore(text: string, offset: number): number | null {
  const before = text.slice(0, offset).trimEnd()
  return before.endsWith(',') ? before.length - 1 : null
}

function syntaxFault(text: string, code: string, offset: number, length: number): Problem {
  const found = text.slice(offset, offset + length)
  const end = text.slice(0, offset).trimEnd().length
  switch (code) {
    case 'CommaExpected': return fault('comma_missing', Math.max(end - 1, 0), 1, 'A comma is missing behind this.')
    case 'ColonExpected': return fault('colon_missing', Math.max(end - 1, 0), 1, 'A colon is missing behind this key.')
    case 'CloseBraceExpected': return fault('not_closed', offset, 0, 'The document ends before every { is closed: a } is missing.')
    case 'CloseBracketExpected': return fault('not_closed', offset, 0, 'The document ends before every [ is closed: a ] is missing, or a comma before this.')
    case 'EndOfFileExpected': return fault('text_after_end', offset, length, `The document has ended before this ${JSON.stringify(found)}: there is a closing bracket too many, or two documents in one.`)
    case 'UnexpectedEndOfString': return fault('text_not_closed', offset, length, 'This text has no closing quote on its line. A line break within a text is written \\n.')
    case 'InvalidEscapeCharacter': return fault('bad_escape', offset, length, 'A backslash in this text is followed by what JSON does not know. A backslash itself is written \\\\.')
    case 'InvalidUnicode': return fault('bad_escape', offset, length, 'A \\u in this text is not followed by four hexadecimal digits.')
    case 'InvalidCharacter': return fault('bad_character', offset, length, 'There is a control character in this text. A tab is written \\t, a line break \\n.')
    case 'ValueExpected': return fault('value_missing', offset, length, text.trim() === '' ? 'The document is empty. Begin with { "id": … }.' : 'A value is missing here.')
    case 'PropertyNameExpected': return fault('key_missing', offset, length, 'A key in double quotes is missing here.')
    default: return fault('not_json', offset, length, `${JSON.stringify(found)} is no JSON. ${adviceOn(found)}`)
  }
}

function adviceOn(found: string): string {
  if (/^[“”„«‘’]/.test(found)) return 'Quotes are the straight ones: "…".'
  if (found.startsWith('\'')) return 'Quotes are double: "…".'
  if (/^(NaN|undefined|None|True|False|Infinity)/.test(found)) return 'Words without quotes are true, false and null.'
  return 'Keys and texts stand in double quotes.'
}

const fault = (code: string, offset: number, length: number, message: string): Problem =>
  ({ severity: 'error', code, path: [], at: { offset, length }, message })

function placeOf(node: Node, path: Path, duplicates: Problem[]): Place {
  switch (node.type) {
    case 'object': {
      const members = (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
        key && value ? [{ key: String(key.value), value: placeOf(value, [...path, String(key.value)], duplicates) }] : [])
      duplicates.push(...duplicatesIn(members, path))
      return { type: 'object', path, members }
    }
    case 'array': return { type: 'array', path, items: (node.children ?? []).map((child, index) => placeOf(child, [...path, index], duplicates)) }
    case 'string': return { type: 'string', path, value: String(node.value) }
    case 'number': return { type: 'number', path, value: Number(node.value) }
    case 'boolean': return { type: 'boolean', path, value: node.value === true }
    case 'null': return { type: 'null', path, value: null }
    case 'property': throw new Error('a property is no value')
  }
}

function duplicatesIn(members: readonly Member[], path: Path): Problem[] {
  const counts = new Map<string, number>()
  for (const { key } of members) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > 1).map(([key, count]) => ({
    severity: 'error', code: 'duplicate_key', path: [...path, key], about: 'key',
    message: `"${key}" stands here ${count === 2 ? 'twice' : `${String(count)} times`}, and only one of them can count. Keep one.`,
  }))
}
