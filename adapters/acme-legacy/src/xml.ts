import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { CrmError } from '@linefinder/core'

/** Entities are read by us: the parser's own go as far as those that a document declares for itself. Numbers stay text. */
const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '@', ignoreDeclaration: true,
  parseTagValue: false, parseAttributeValue: false, trimValues: false, processEntities: false,
  tagValueProcessor: (_name, text) => withoutReferences(text),
  attributeValueProcessor: (_name, text) => withoutReferences(text),
  isArray: name => lists.has(name),
})

/** Elements that may come once or several times. */
const lists: ReadonlySet<string> = new Set(['customer', 'phone', 'activity'])

/** Elements and, with `@`, attributes as members of objects; all values are text. Throws `CrmError('bad_response')` unless it is whole and plain XML. */
export function parseXml(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  if (XMLValidator.validate(text) !== true || /<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new CrmError('bad_response', { detail: 'The answer is no XML.' })
  return parser.parse(text)
}

/** By the encoding that the document names itself by: the header says nothing of it. */
function decode(bytes: Uint8Array): string {
  const [, encoding = 'UTF-8'] = /^<\?xml[^>]*\sencoding="([\w-]+)"/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 200))) ?? []
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new CrmError('bad_response', { detail: 'The answer is not in the encoding that it names.', cause })
  }
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' }

const withoutReferences = (text: string): string => text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name = '') => {
  if (decimal === undefined && hex === undefined) return named[name] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole
})
