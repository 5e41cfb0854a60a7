import type { AuthDescription, Template } from '../description.js'
import type { Findings } from './findings.js'
import { kindOf, memberOf, type ObjectPlace, type Place } from './json-source.js'
import { readCredential, readEndpoint, type AuthRead } from './read-credentials.js'
import { asBoolean, asChoice, asObject, asText, checkKeys, requireKey } from './shapes.js'
import type { Texts } from './texts.js'

type OAuth2Description = Extract<AuthDescription, { type: 'oauth2' }>

export const oauth2Keys = [
  'client_id', 'client_secret', 'flow_type', 'authorization_endpoint', 'authorization_parameters', 'token_endpoint', 'token_parameters', 'request_auth',
  'pkce', 'revocation_endpoint', 'client_authentication',
] as const

export const clientAuthentications = ['client_secret_post', 'client_secret_basic', 'none'] as const

/** Parameters of the authorisation request that are the server's to set. */
const own = ['client_id', 'redirect_uri', 'response_type', 'state', 'code_challenge', 'code_challenge_method']

/** The block `OAuth2`, or `auth` of that type. */
export function readOAuth2(block: ObjectPlace | null, texts: Texts, findings: Findings): AuthRead {
  const secrets = new Set<string>()
  if (!block) return { auth: { type: 'none' }, secrets }
  const meant = checkKeys(block, block.path.at(-1) === 'auth' ? ['type', ...oauth2Keys] : oauth2Keys, findings)
  checkFlow(memberOf(block, 'flow_type'), findings)
  asChoice(memberOf(block, 'request_auth'), ['Bearer'], findings, 'unknown_request_auth', true)
  checkTokenParameters(asObject(memberOf(block, 'token_parameters'), findings, '{"content_type": "application/x-www-form-urlencoded"}'), findings)
  for (const key of ['authorization_endpoint', 'token_endpoint']) requireKey(block, key, meant, findings, `"${String(block.path.at(-1))}" has no "${key}".`)
  const { scopes, authorizeParams } = readAuthorizationParameters(memberOf(block, 'authorization_parameters'), texts, findings)
  const clientAuthentication = readClientAuthentication(block, findings)
  const revocation = memberOf(block, 'revocation_endpoint')
  if (revocation) findings.extension('revocation_endpoint', revocation.path)
  const pkce = memberOf(block, 'pkce')
  if (pkce) findings.extension('pkce', pkce.path)
  return {
    auth: {
      type: 'oauth2', scopes, authorizeParams, clientAuthentication,
      authorizeUrl: readEndpoint(memberOf(block, 'authorization_endpoint'), texts, findings),
      tokenUrl: readEndpoint(memberOf(block, 'token_endpoint'), texts, findings),
      revokeUrl: revocation ? readEndpoint(revocation, texts, findings) : null,
      client: readClient(block, meant, clientAuthentication, secrets, texts, findings),
      pkce: asBoolean(pkce, findings) ?? true,
    },
    secrets,
  }
}

/** `{"default": …}`, as the format writes some of its values, or the value alone. */
function defaultOf(place: Place | null): Place | null {
  if (place?.type !== 'object') return place
  return memberOf(place, 'default') ?? place
}

function checkFlow(place: Place | null, findings: Findings): void {
  const flow = defaultOf(place)
  if (!flow || ((flow.type === 'string' || flow.type === 'number') && String(flow.value) === '0')) return
  const shown = flow.type === 'string' || flow.type === 'number' ? `"${String(flow.value)}"` : kindOf(flow)
  findings.error('unknown_flow', flow.path, `"flow_type" is ${shown}; only "0" is known, the authorisation code flow, in which the user allows access on a page of the CRM.`)
}

function checkTokenParameters(place: ObjectPlace | null, findings: Findings): void {
  if (!place) return
  checkKeys(place, ['content_type'], findings)
  const type = asText(memberOf(place, 'content_type'), findings, 'application/x-www-form-urlencoded')
  if (type && !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type.value)) {
    findings.error('unknown_content_type', type.path, `"content_type" of the token request is "${type.value}"; OAuth 2.0 knows application/x-www-form-urlencoded only (RFC 6749 §4.1.3).`)
  }
}

function readAuthorizationParameters(place: Place | null, texts: Texts, findings: Findings): Pick<OAuth2Description, 'scopes' | 'authorizeParams'> {
  const value = defaultOf(place)
  const text = value?.type === 'string' && value.value === '' ? null : asText(value, findings, 'scope=api%20refresh_token')
  if (!text) return { scopes: [], authorizeParams: {} }
  if (texts.template(text, 'credentials').some(part => typeof part !== 'string')) {
    findings.error('not_filled_in', text.path, 'Nothing is filled into the parameters of the authorisation request. Write them out.')
  }
  const params = [...new URLSearchParams(text.value.replace(/^[?&]/, ''))]
  for (const [name] of params) {
    if (own.includes(name)) findings.error('reserved_parameter', text.path, `"${name}" is set by the server for each request. Take it out.`, { at: { offset: Math.max(0, text.value.indexOf(name)), length: name.length } })
  }
  const scopes = params.filter(([name]) => name === 'scope').flatMap(([, scope]) => scope.split(' ')).filter(scope => scope !== '')
  return { scopes, authorizeParams: Object.fromEntries(params.filter(([name]) => name !== 'scope' && name !== '__proto__')) }
}

function readClientAuthentication(block: ObjectPlace, findings: Findings): OAuth2Description['clientAuthentication'] {
  const place = memberOf(block, 'client_authentication')
  if (place) findings.extension('client_authentication', place.path)
  return asChoice(place, clientAuthentications, findings, 'unknown_client_authentication') ?? 'client_secret_post'
}

function readClient(
  block: ObjectPlace, meant: ReadonlySet<string>, authentication: OAuth2Description['clientAuthentication'], secrets: Set<string>, texts: Texts, findings: Findings,
): OAuth2Description['client'] {
  const [id, secret] = [memberOf(block, 'client_id'), memberOf(block, 'client_secret')]
  if (!id && !secret) {
    if (!meant.has('client_id')) findings.extension('own_client', block.path)
    return null
  }
  requireKey(block, 'client_id', meant, findings, 'There is "client_secret" without "client_id".')
  if (authentication !== 'none') requireKey(block, 'client_secret', meant, findings, 'There is "client_id" without "client_secret". For a client that has none say "client_authentication": "none".')
  const idText = asText(id, findings, '$Client ID$')
  const template: Template = idText ? texts.template(idText, 'credentials') : []
  return { id: template, secret: secret ? readCredential(secret, secrets, texts, findings) : null }
}
