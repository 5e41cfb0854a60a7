import type { Template } from '../description.js'
import type { Findings } from './findings.js'
import type { StringPlace } from './json-source.js'
import { isOfInstallation, written } from './names.js'
import type { Role, Texts } from './texts.js'

/** A whole address: its scheme and host stand in the document or come from properties, never from a call. */
export function readAddress(place: StringPlace, role: Role, texts: Texts, findings: Findings): Template {
  const template = texts.template(place, role)
  const [head] = template
  const isProperty = typeof head === 'object' && texts.names.properties.has(head.name)
  if (!isProperty && !/^https?:\/\//i.test(place.value)) {
    findings.error('not_an_address', place.path, `This is no address: it must begin with https://, or with a property that does, such as ${written(texts.names.form, 'Instance URL')}.`)
    return template
  }
  if (/^http:\/\//i.test(place.value)) findings.warn('not_secure', place.path, 'http:// shows everything, credentials too, to whoever carries it. Write https:// unless this never leaves a machine.', { at: { offset: 0, length: 7 } })
  if (/^https?:\/\/[^/?#]*@/i.test(place.value)) findings.error('credentials_in_address', place.path, 'User names and passwords do not belong into an address. Use "auth".')
  if (/^https?:\/\/([/?#]|$)/i.test(place.value)) findings.error('not_an_address', place.path, 'This address names no host.')
  const fromCall = hostNames(template).find(name => !isOfInstallation(texts.names, name))
  if (fromCall !== undefined) {
    const text = written(texts.names.form, fromCall)
    findings.error('host_from_call', place.path, `${text} stands in the host of this address. Only properties, which an admin fills in, may choose where requests go.`, { at: { offset: place.value.indexOf(text), length: text.length } })
  }
  if (role !== 'link' && place.value.includes('#')) findings.warn('fragment', place.path, 'What follows # is never sent to a server.', { at: { offset: place.value.indexOf('#'), length: 1 } })
  return template
}

/** The address of a path, below the prefix that it is under. */
export function joinAddress(prefix: Template, path: Template): Template {
  const [head] = path
  const isQuery = typeof head === 'string' && head.startsWith('?')
  const beginsWithSlash = typeof head === 'string' && head.startsWith('/')
  const last = prefix.at(-1)
  const endsWithSlash = typeof last === 'string' && last.endsWith('/')
  // A property in front may end with a slash too, which is only known when it is filled in.
  const bare = endsWithSlash ? [...prefix.slice(0, -1), last.slice(0, -1)] : prefix
  return merged([...bare, ...(isQuery || beginsWithSlash ? [] : ['/']), ...path])
}

/** Texts side by side are one. */
export function merged(template: Template): Template {
  const parts: (string | { readonly name: string })[] = []
  for (const part of template) {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else if (part !== '') parts.push(part)
  }
  return parts
}

/** Names in front of the first slash behind the scheme. A property at the head brings scheme and host along. */
function hostNames(template: Template): string[] {
  const names: string[] = []
  for (const [index, part] of template.entries()) {
    if (typeof part !== 'string') {
      names.push(part.name)
      continue
    }
    const rest = index === 0 ? part.replace(/^https?:\/\//i, '') : part
    if (/[/?#]/.test(rest)) break
  }
  return names
}
