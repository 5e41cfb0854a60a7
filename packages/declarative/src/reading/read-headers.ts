import type { Template } from '../description.js'
import type { Findings } from './findings.js'
import { memberOf, type ObjectPlace } from './json-source.js'
import { asObject, asText } from './shapes.js'
import type { Texts } from './texts.js'

/** Those that others set, and who. */
const takenHeaders: Readonly<Record<string, string>> = {
  'authorization': 'Credentials belong in "auth".',
  'content-type': 'It is "request_content_type".',
  'content-length': 'It is counted when the request is sent.',
  'transfer-encoding': 'It is chosen when the request is sent.',
  'connection': 'It is chosen when the request is sent.',
  'host': 'It is the address’s.',
  'cookie': 'Cookies are not kept.',
  'proxy-authorization': 'Credentials belong in "auth".',
  'idempotency-key': 'It is set by the server for each call log.',
}

/** RFC 9110 §5.6.2. */
export const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)

/** The extension `request_headers`. */
export function readHeaders(method: ObjectPlace, texts: Texts, findings: Findings): (readonly [string, Template])[] {
  const place = memberOf(method, 'request_headers')
  if (!place) return []
  findings.extension('request_headers', place.path)
  return (asObject(place, findings, '{"Accept-Language": "nl"}')?.members ?? []).flatMap(({ key, value }) => {
    const taken = takenHeaders[key.toLowerCase()]
    if (!isHeaderName(key)) {
      findings.error('bad_header', value.path, `"${key}" cannot be a header's name: it is made of letters, digits and hyphens.`, { about: 'key' })
    } else if (taken !== undefined) {
      findings.error('taken_header', value.path, `The header "${key}" is not the document's to set. ${taken}`, { about: 'key' })
    }
    const text = asText(value, findings, 'nl')
    if (text && /[\r\n\0]/.test(text.value)) findings.error('bad_header', value.path, 'A header has one line.')
    return text ? [[key, texts.template(text, 'request')] as const] : []
  })
}
