import { expect, it } from '@jest/globals'
import { parseXml } from './xml.js'

const declared = (encoding: string, text: string) => `<?xml version="1.0" encoding="${encoding}"?>\n${text}`
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'))

it('reads a document in the encoding that it names', () => {
  const read = { response: { '@of': 'Zoë', name: 'Großmann' } }
  const text = '<response of="Zoë"><name>Großmann</name></response>'
  expect(parseXml(latin1(declared('ISO-8859-1', text)))).toEqual(read)
  expect(parseXml(utf8(declared('UTF-8', text)))).toEqual(read)
  expect(parseXml(utf8(text))).toEqual(read)
})

it('reads references, once', () => {
  expect(parseXml(utf8('<r a="&#268;apek &amp;amp; &quot;Zn&quot;">1 &lt; &#50; &#x1F642; &amp;#50; &unknown; &#9999999;</r>')))
    .toEqual({ r: { '@a': 'Čapek &amp; "Zn"', '#text': '1 < 2 🙂 &#50; &unknown; &#9999999;' } })
})

it('leaves numbers, blanks and line ends as they stand', () => {
  expect(parseXml(utf8('<r><a>007</a><b> x\n y </b><c/></r>'))).toEqual({ r: { a: '007', b: ' x\n y ', c: '' } })
})

it('has a list for what may come several times', () => {
  expect(parseXml(utf8('<r><customer id="1"/></r>'))).toEqual({ r: { customer: [{ '@id': '1' }] } })
})

it.each([
  ['half a document', '<response status="ok"><customer id="7"><na'],
  ['a web page', '<!doctype html><title>Acme</title><p>Back at seven.'],
  ['JSON', '{"status":"ok"}'],
  ['nothing', ''],
  ['an entity of its own', '<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;&a;</r>'],
  ['an unknown encoding', '<?xml version="1.0" encoding="KLINGON"?><r/>'],
  ['bytes that are no UTF-8', Buffer.from('<r>\xff</r>', 'latin1')],
])('fails for %s', (_what, document) => {
  expect(() => parseXml(typeof document === 'string' ? utf8(document) : new Uint8Array(document))).toThrow(expect.objectContaining({ code: 'bad_response' }))
})
