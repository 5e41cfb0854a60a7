export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Where the value of each member of an object stands in its JSON text; of several with one name the last, as `JSON.parse` has it. To
 * replace a value in its place keeps what parsing and writing would change: big numbers, blanks, the order of `1` and `a`. `text`
 * must be a valid JSON object.
 */
export function membersOf(text: string): Map<string, Span> {
  const members = new Map<string, Span>()
  let at = end(blanks, text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const nameEnd = end(string, text, at)
    // A JSON string by the precondition.
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const start = end(blanks, text, end(colon, text, nameEnd))
    const valueEnd = endOfValue(text, start)
    members.set(name, { start, end: valueEnd })
    at = end(comma, text, valueEnd)
  }
  return members
}

const blanks = /[ \t\r\n]*/y
const colon = /[ \t\r\n]*:/y
const comma = /[ \t\r\n]*,?[ \t\r\n]*/y
const string = /"[^"\\]*(?:\\[^][^"\\]*)*"/y
const plain = /[^ \t\r\n,}\]]*/y
const upToBracket = /[^"[\]{}]*/y

/** Where the match that begins at `at` ends. */
function end(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : text.length
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return end(string, text, start)
  if (text[start] !== '{' && text[start] !== '[') return end(plain, text, start)
  let depth = 0
  for (let at = start; at < text.length;) {
    const character = text[at]
    if (character === '"') at = end(string, text, at)
    else {
      if (character === '{' || character === '[') depth += 1
      if (character === '}' || character === ']') depth -= 1
      at += 1
      if (depth === 0) return at
    }
    at = end(upToBracket, text, at)
  }
  return text.length
}
