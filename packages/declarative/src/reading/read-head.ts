import type { Description } from '../description.js'
import type { Findings } from './findings.js'
import { memberOf, type ObjectPlace } from './json-source.js'
import { asChoice, asText, requireKey } from './shapes.js'

/** What the document says of itself. */
export function readHead(root: ObjectPlace, meant: ReadonlySet<string>, findings: Findings): Pick<Description, 'id' | 'name' | 'logoUrl'> {
  requireKey(root, 'id', meant, findings, 'The document has no "id": a short name that no other document has, such as "example-crm".')
  requireKey(root, 'name', meant, findings, 'The document has no "name", as people read it, such as "Example CRM".')
  if (memberOf(root, 'class')) asChoice(memberOf(root, 'class'), ['crm'], findings, 'unknown_class')
  else if (!meant.has('class')) findings.warn('key_missing', [], 'The document has no "class". Say "class": "crm".')
  const id = asText(memberOf(root, 'id'), findings, 'example-crm')
  const name = asText(memberOf(root, 'name'), findings, 'Example CRM')
  if (id && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id.value)) {
    findings.error('bad_id', id.path, `"${id.value}" cannot be an id: it is made of at most 64 letters, digits, hyphens, dots and underscores, and begins with a letter or digit.`, { suggestion: suggestionFor(id.value) })
  }
  if (name && name.value.length > 200) findings.error('too_long', name.path, `The name has ${String(name.value.length)} characters; it may have 200.`)
  return { id: adapterIdOf(id?.value ?? ''), name: name?.value ?? '', logoUrl: readLogo(root, findings) }
}

/** Adapters' ids are in lower case, with hyphens. */
export const adapterIdOf = (id: string): string => id.toLowerCase().replace(/[._]/g, '-')

function suggestionFor(id: string): string | undefined {
  const slug = id.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64)
  return slug === '' ? undefined : `"${slug}"`
}

function readLogo(root: ObjectPlace, findings: Findings): string | null {
  const logo = asText(memberOf(root, 'logo'), findings, 'https://crm.example.com/logo.svg')
  if (!logo) return null
  const url = URL.canParse(logo.value) ? new URL(logo.value) : null
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href
  findings.error('not_an_address', logo.path, '"logo" is no address: it must begin with https:// and name a picture.')
  return null
}
