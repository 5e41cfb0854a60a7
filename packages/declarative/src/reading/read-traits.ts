import { bodyDetails, type BodyDetail } from '@linefinder/core'
import type { Template, Traits } from '../description.js'
import type { Findings } from './findings.js'
import { kindOf, memberOf, type Place } from './json-source.js'
import { isOfInstallation, written } from './names.js'
import { nearest } from './nearest.js'
import { asInteger, asObject, asText, checkKeys } from './shapes.js'
import type { Texts } from './texts.js'

export const traitKeys = ['phone_search', 'body_details', 'body_max_length', 'commit_lag_ms', 'contact_lag_ms'] as const
export const phoneSearches = ['e164', 'exact', 'contains', 'digits', 'lastDigits'] as const

const dayMs = 86_400_000

/** The extension `traits`: what an adapter would declare of its CRM. */
export function readTraits(place: Place | null, findings: Findings): Traits {
  if (!place) return {}
  findings.extension('traits', place.path)
  const traits = asObject(place, findings, '{"phone_search": "digits"}')
  if (!traits) return {}
  checkKeys(traits, traitKeys, findings)
  const phoneSearch = readPhoneSearch(memberOf(traits, 'phone_search'), findings)
  const details = readBodyDetails(memberOf(traits, 'body_details'), findings)
  const bodyMaxLength = asInteger(memberOf(traits, 'body_max_length'), findings, [100, 10_000_000])
  const commitLagMs = asInteger(memberOf(traits, 'commit_lag_ms'), findings, [0, dayMs])
  const contactLagMs = asInteger(memberOf(traits, 'contact_lag_ms'), findings, [0, dayMs])
  return {
    ...(phoneSearch === null ? {} : { phoneSearch }), ...(details === null ? {} : { bodyDetails: details }),
    ...(bodyMaxLength === null ? {} : { bodyMaxLength }), ...(commitLagMs === null ? {} : { commitLagMs }), ...(contactLagMs === null ? {} : { contactLagMs }),
  }
}

/** The extension `credential_hosts`. */
export function readCredentialHosts(place: Place | null, texts: Texts, findings: Findings): Template[] {
  if (!place) return []
  findings.extension('credential_hosts', place.path)
  if (place.type !== 'array') {
    findings.error('not_a_list', place.path, `"credential_hosts" is ${kindOf(place)}; it must be a list of hosts, such as ["id.example.com"].`)
    return []
  }
  return place.items.flatMap(item => {
    const text = asText(item, findings, 'id.example.com')
    if (!text) return []
    const template = texts.template(text, 'credentials')
    const isHost = template.every(part => typeof part === 'string' ? /^[\w.:-]*$/.test(part) : isOfInstallation(texts.names, part.name))
    if (!isHost) findings.error('not_a_host', text.path, `"${text.value}" is no host: it has no scheme and no path, such as id.example.com or ${written(texts.names.form, 'Region')}.example.com.`)
    return [template]
  })
}

function readPhoneSearch(place: Place | null, findings: Findings): NonNullable<Traits['phoneSearch']> | null {
  if (!place) return null
  if (place.type === 'string') {
    const found = phoneSearches.find(search => search === place.value)
    if (found !== undefined) return found
  }
  if (place.type === 'object') {
    checkKeys(place, ['last_digits', 'masks'], findings)
    const masks = memberOf(place, 'masks')
    if (masks?.type === 'array' && masks.items.length > 0) {
      const texts = masks.items.flatMap(item => item.type === 'string' && item.value.includes('#') ? [item.value] : [])
      if (texts.length === masks.items.length) return { masks: texts }
    }
    const digits = memberOf(place, 'last_digits')
    if (digits) return { lastDigits: asInteger(digits, findings, [4, 15]) ?? 7 }
  }
  findings.error('unknown_phone_search', place.path, `"phone_search" must be one of ${phoneSearches.join(', ')}, or {"last_digits": 9}, or {"masks": ["(###) ###-####"]}.`, {
    suggestion: place.type === 'string' ? nearest(place.value, phoneSearches) : undefined,
  })
  return null
}

function readBodyDetails(place: Place | null, findings: Findings): BodyDetail[] | null {
  if (!place) return null
  const items = place.type === 'array' ? place.items : []
  const known = items.flatMap(item => bodyDetails.filter(detail => item.type === 'string' && item.value === detail))
  if (place.type === 'array' && known.length === items.length) return known
  findings.error('unknown_body_detail', place.path, `"body_details" must be a list of some of ${bodyDetails.join(', ')}.`)
  return null
}
