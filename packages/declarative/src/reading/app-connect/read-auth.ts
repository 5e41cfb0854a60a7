import type { AuthDescription, Template } from '../../description.js'
import { merged } from '../addresses.js'
import type { Findings } from '../findings.js'
import { memberOf, type ObjectPlace, type Place, type StringPlace } from '../json-source.js'
import { isHeaderName } from '../read-headers.js'
import { asChoice, asText, checkKeys } from '../shapes.js'
import type { ProxyValues } from './values.js'

export const authKeys = ['type', 'scheme', 'headerName', 'credentialTemplate', 'encode', 'clientId', 'clientSecret', 'tokenUrl', 'redirectUri'] as const
export const furtherAuthKeys = ['authUrl', 'scope'] as const

/** How agents connect: by a key, or by OAuth. Without `auth` by a key in front of a colon, as the format has it. */
export function readAuth(auth: ObjectPlace | null, values: ProxyValues, findings: Findings): AuthDescription {
  if (auth) checkKeys(auth, [...authKeys, ...furtherAuthKeys], findings)
  const type = asChoice(auth && memberOf(auth, 'type'), ['apiKey', 'oauth'], findings, 'unknown_auth') ?? 'apiKey'
  if (auth && type === 'oauth') return readOAuth(auth, values, findings)
  const template = asText(auth && memberOf(auth, 'credentialTemplate'), findings, '{{apiKey}}')
  if (!auth || !template) return { type: 'basic', username: values.text(key, 'credentials'), password: [] }
  return readKey(auth, template, values, findings)
}

const key: StringPlace = { type: 'string', path: ['auth'], value: '{{apiKey}}' }

function readKey(auth: ObjectPlace, template: StringPlace, values: ProxyValues, findings: Findings): AuthDescription {
  const encode = asChoice(memberOf(auth, 'encode'), ['base64', 'none'], findings, 'unknown_encode') ?? 'base64'
  const scheme = textOr(memberOf(auth, 'scheme'), '', findings)
  const name = textOr(memberOf(auth, 'headerName'), 'Authorization', findings)
  if (!isHeaderName(name)) findings.error('bad_header', auth.path, `"${name}" cannot be a header's name.`)
  if (encode === 'none') return { type: 'header', name, value: merged([...(scheme === '' ? [] : [`${scheme} `]), ...values.text(template, 'credentials')]) }
  const [user = '', ...rest] = template.value.split(':')
  if (scheme.toLowerCase() !== 'basic' || name.toLowerCase() !== 'authorization' || rest.length === 0) {
    findings.error('no_counterpart', template.path, 'Of what is encoded as base64, only "Basic" with a name, a colon and a password can be sent here, in the header Authorization. Say "encode": "none" if the CRM wants the key as it is.')
    return { type: 'none' }
  }
  const part = (value: string): Template => values.text({ ...template, value }, 'credentials')
  return { type: 'basic', username: part(user), password: part(rest.join(':')) }
}

function readOAuth(auth: ObjectPlace, values: ProxyValues, findings: Findings): AuthDescription {
  const secret = memberOf(auth, 'clientSecret')
  if (secret) findings.error('secret_written_out', secret.path, 'A secret in a document is seen by all who see it. Take it out: an admin gives client id and secret to the installation.', { about: 'key' })
  const id = memberOf(auth, 'clientId')
  if (id) findings.warn('no_counterpart', id.path, 'The client is the installation\'s: an admin gives its id and secret there.', { about: 'key' })
  const template = asText(memberOf(auth, 'credentialTemplate'), findings, '{{user.accessToken}}')
  const scheme = textOr(memberOf(auth, 'scheme'), 'Bearer', findings)
  const isPlain = !template || (template.value.replaceAll(' ', '') === '{{user.accessToken}}' && asChoice(memberOf(auth, 'encode'), ['base64', 'none'], findings, 'unknown_encode') === 'none')
  if (!isPlain || scheme !== 'Bearer' || memberOf(auth, 'headerName')) {
    findings.error('no_counterpart', template?.path ?? auth.path, 'An access token goes as "Authorization: Bearer …" here. Leave credentialTemplate, scheme and headerName out.')
  }
  for (const each of furtherAuthKeys) {
    const place = memberOf(auth, each)
    if (place) findings.extension('app_connect_oauth', place.path)
  }
  return {
    type: 'oauth2', client: null, clientAuthentication: 'client_secret_post', pkce: false, authorizeParams: {}, revokeUrl: null,
    authorizeUrl: readEndpoint('authUrl', 'Where agents allow access stands in the manifest of an App Connect client; here it stands beside "tokenUrl".', auth, values, findings),
    tokenUrl: readEndpoint('tokenUrl', 'Tokens are asked for there.', auth, values, findings),
    scopes: textOr(memberOf(auth, 'scope'), '', findings).replace(/^scope=/, '').split(/[ ,]+/).filter(scope => scope !== ''),
  }
}

function readEndpoint(name: 'authUrl' | 'tokenUrl', why: string, auth: ObjectPlace, values: ProxyValues, findings: Findings): Template {
  const place = memberOf(auth, name)
  if (!place) findings.error('key_missing', auth.path, `"auth" has no "${name}". ${why}`, { about: 'key' })
  const text = asText(place, findings, 'https://crm.example.com/oauth/token')
  if (!text) return []
  if (!/^https?:\/\//i.test(text.value)) findings.error('not_an_address', text.path, `"${name}" is no address: it must begin with https://.`)
  return merged(values.text(text, 'credentials'))
}

function textOr(place: Place | null, usual: string, findings: Findings): string {
  if (place?.type === 'string' && place.value === '') return ''
  return asText(place, findings, 'Bearer')?.value ?? usual
}
