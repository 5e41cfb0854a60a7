import type { Template } from '../description.js'
import type { Findings } from './findings.js'
import { kindOf, memberOf, type ObjectPlace, type Place } from './json-source.js'
import { readCredential, type AuthRead } from './read-credentials.js'
import { isHeaderName } from './read-headers.js'
import { readOAuth2 } from './read-oauth2.js'
import { asObject, asText, checkKeys, requireKey } from './shapes.js'
import type { Texts } from './texts.js'

export const authTypes = ['Bearer', 'Basic', 'OAuth2', 'Header', 'Query', 'None'] as const

const keysOf = {
  Bearer: ['type', 'token'], Basic: ['type', 'username', 'password'], Header: ['type', 'name', 'value'], Query: ['type', 'name', 'value'], None: ['type'],
} as const

/** How requests prove themselves: by `OAuth2`, or by `auth`. */
export function readAuth(root: ObjectPlace, meant: ReadonlySet<string>, texts: Texts, findings: Findings): AuthRead {
  const block = memberOf(root, 'OAuth2')
  const place = memberOf(root, 'auth')
  if (block && place) findings.error('two_auths', place.path, 'There is "OAuth2" and "auth", and only one of them can count. Keep one.', { about: 'key' })
  if (block) return readOAuth2(asObject(block, findings, '{"client_id": …}'), texts, findings)
  if (!place) {
    if (!meant.has('auth') && !meant.has('OAuth2')) findings.warn('no_auth', [], 'There is neither "OAuth2" nor "auth", so requests are sent without credentials. Hardly a CRM allows that.')
    return nothing
  }
  const auth = asObject(place, findings, '{"type": "Bearer", "token": "$API key$"}')
  if (!auth) return nothing
  const type = readType(memberOf(auth, 'type'), auth, findings)
  if (type === null) return nothing
  if (type === 'OAuth2') return readOAuth2(auth, texts, findings)
  return readPlain(type, auth, texts, findings)
}

const nothing: AuthRead = { auth: { type: 'none' }, secrets: new Set() }

function readType(place: Place | null, auth: ObjectPlace, findings: Findings): (typeof authTypes)[number] | null {
  const known = authTypes.slice(0, 3).join(', ')
  if (!place) {
    findings.error('key_missing', auth.path, `"auth" has no "type". Types are ${known}.`, { about: 'key' })
    return null
  }
  const found = place.type === 'string' ? authTypes.find(type => type.toLowerCase() === place.value.toLowerCase()) : undefined
  if (found === undefined) findings.error('unknown_auth', place.path, `"type" is ${place.type === 'string' ? `"${place.value}"` : kindOf(place)}; types are ${known}, and beyond the format Header, Query and None.`)
  return found ?? null
}

function readPlain(type: keyof typeof keysOf, auth: ObjectPlace, texts: Texts, findings: Findings): AuthRead {
  const meant = checkKeys(auth, keysOf[type], findings)
  const secrets = new Set<string>()
  for (const key of keysOf[type].slice(1)) requireKey(auth, key, meant, findings, `"auth" of type ${type} has no "${key}".`)
  const credential = (key: string): Template => readCredential(memberOf(auth, key), secrets, texts, findings)
  switch (type) {
    case 'Bearer': return { auth: { type: 'header', name: 'Authorization', value: ['Bearer ', ...credential('token')] }, secrets }
    case 'Basic': return { auth: { type: 'basic', username: readUsername(memberOf(auth, 'username'), texts, findings), password: credential('password') }, secrets }
    case 'Header': {
      findings.extension('auth_type', auth.path)
      return { auth: { type: 'header', name: readHeaderName(memberOf(auth, 'name'), findings), value: credential('value') }, secrets }
    }
    case 'Query': {
      findings.extension('auth_type', auth.path)
      return { auth: { type: 'query', name: asText(memberOf(auth, 'name'), findings, 'key')?.value ?? '', value: credential('value') }, secrets }
    }
    case 'None': {
      findings.extension('auth_type', auth.path)
      return nothing
    }
  }
}

function readUsername(place: Place | null, texts: Texts, findings: Findings): Template {
  const text = asText(place, findings, '$User name$')
  return text ? texts.template(text, 'credentials') : []
}

function readHeaderName(place: Place | null, findings: Findings): string {
  const text = asText(place, findings, 'X-API-Key')
  if (text && !isHeaderName(text.value)) findings.error('bad_header', text.path, `"${text.value}" cannot be a header's name: it is made of letters, digits and hyphens.`)
  return text?.value ?? ''
}
