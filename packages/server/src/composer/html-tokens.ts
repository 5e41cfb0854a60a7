/** A piece of HTML, as far as its blocks matter. All pieces in a row are the whole text. */
export interface HtmlToken {
  readonly kind: 'text' | 'open' | 'close' | 'comment'
  /** Of the element, in small letters; empty for text and comments. */
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Reads any text. In time that grows with its length only: it comes from the CRM, where anybody may have written it. */
export function htmlTokens(text: string): HtmlToken[] {
  const tokens: HtmlToken[] = []
  let at = 0
  const add = (kind: HtmlToken['kind'], name: string, end: number): void => {
    if (end > at) tokens.push({ kind, name, start: at, end })
    at = Math.max(at, end)
  }
  const tag = /<!--|<(\/?)([a-z][a-z0-9:-]*)(?:"[^"]*"|'[^']*'|[^"'<>])*>/gi
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    add('text', '', match.index)
    const name = match[2]?.toLowerCase() ?? ''
    if (name === '') {
      add('comment', '', endOf(text, '-->', tag.lastIndex))
    } else {
      add(match[1] === '/' ? 'close' : 'open', name, tag.lastIndex)
      if (match[1] === '' && (name === 'script' || name === 'style')) add('comment', '', indexOr(text, `</${name}`, at))
    }
    tag.lastIndex = at
  }
  add('text', '', text.length)
  return tokens
}

const indexOr = (text: string, sought: string, from: number): number => {
  const index = text.indexOf(sought, from)
  return index === -1 ? text.length : index
}

const endOf = (text: string, sought: string, from: number): number => Math.min(text.length, indexOr(text, sought, from) + sought.length)

/** What a reader sees, a line for each `<br>` and list item, entities resolved. */
export function htmlToText(html: string): string {
  const pieces = htmlTokens(html).map(({ kind, name, start, end }) => {
    if (kind === 'text') return decodeEntities(html.slice(start, end).replace(/\s+/g, ' '))
    return kind !== 'comment' && lineBreaks.has(name) ? '\n' : ''
  })
  return pieces.join('').replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n').trim()
}

const lineBreaks: ReadonlySet<string> = new Set(['br', 'li'])

/** Numeric ones and those of Latin-1, which CRMs write for letters that need none. Others stay as they are. */
export const decodeEntities = (text: string): string => text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, decimal, hex, name) => {
  if (name !== undefined) return namedEntities.get(name) ?? whole
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code > 0x10ffff ? whole : String.fromCodePoint(code)
})

/** Of U+00A0 to U+00FF, in this order. */
const latinEntities = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot
  cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml
  ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
  egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`

const namedEntities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', `'`], ['euro', '€'], ['hellip', '…'], ['ndash', '–'], ['mdash', '—'],
  ['lsquo', '‘'], ['rsquo', '’'], ['ldquo', '“'], ['rdquo', '”'], ['bull', '•'],
  ...latinEntities.split(/\s+/).map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
])
