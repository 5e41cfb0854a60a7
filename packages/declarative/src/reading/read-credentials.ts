import type { AuthDescription, Template } from '../description.js'
import { namesInTemplate } from '../template.js'
import { readAddress } from './addresses.js'
import type { Findings } from './findings.js'
import { hasLookAlike } from './look-alikes.js'
import type { Place } from './json-source.js'
import { asText } from './shapes.js'
import type { Texts } from './texts.js'

export interface AuthRead {
  readonly auth: AuthDescription
  /** Properties that are secret, since they are used as one. */
  readonly secrets: ReadonlySet<string>
}

/** A secret's text. One that is written out belongs to whoever sees the document. */
export function readCredential(place: Place | null, secrets: Set<string>, texts: Texts, findings: Findings): Template {
  if (place?.type === 'string' && place.value === '' && place.path.at(-1) === 'password') return []
  const text = asText(place, findings, '$API key$')
  if (!text) return []
  const template = texts.template(text, 'credentials')
  const names = namesInTemplate(template)
  for (const name of names) secrets.add(name)
  const isCustomary = text.path.at(-1) === 'password' && text.value.length <= 2
  if (names.length === 0 && !isCustomary && !hasLookAlike(text, texts.names.form)) {
    findings.error('secret_written_out', text.path, `"${String(text.path.at(-1))}" names no property of this document, so it would be the same for everyone and be seen by all who see the document. Add a property, such as "API key", and write its name here between the placeholders' signs.`)
  }
  return template
}

/** An address that is asked for access: only properties are known there. */
export function readEndpoint(place: Place | null, texts: Texts, findings: Findings): Template {
  const text = asText(place, findings, 'https://crm.example.com/oauth/token')
  return text ? readAddress(text, 'credentials', texts, findings) : []
}
