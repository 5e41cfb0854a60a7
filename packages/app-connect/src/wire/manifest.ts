import { activityId, contactId, type AuthScheme } from '@linefinder/core'
import { hostsOf } from '@linefinder/server'
import { isConnectorAdapter, writtenPartOf, type JsonObject } from '../extras.js'
import { onlyType } from './contact-shape.js'
import { manifestFieldsOf } from './form-fields.js'
import { manifestSchema, type Manifest } from './manifest-schema.js'
import { rcRedirectPage, redirectPagesOf } from './oauth-login.js'
import type { Platform } from './platforms.js'
import type { Wire } from './wire.js'

export const wireVersion = '1.0.0'

/** What takes its values' place until the client fills them in; letters only, so that no adapter encodes them. */
const slots = { hostname: 'slot-of-hostname.example', contactId: 'SlotOfContactId', logId: 'SlotOfLogId' } as const

/**
 * The manifest by which the client works: made of the adapters and their installations, with what the operator has put over it. Throws when what
 * comes of that is not what the client can read.
 */
export async function manifestOf(wire: Wire, only?: Platform): Promise<Manifest> {
  const platforms = only ? [only] : await wire.platforms.list()
  const tenantId = await wire.platforms.tenantId()
  const parts = await Promise.all(platforms.map(async platform => [platform.name, await platformPart(wire, tenantId, platform)] as const))
  const known = parts.filter((part): part is [string, JsonObject] => part[1] !== null)
  const own = {
    serverUrl: serverUrlOf(wire), redirectUri: rcRedirectPage, version: wireVersion, author: { name: wire.settings.authorName, websiteUrl: '', supportUrl: '' },
    platforms: Object.fromEntries(known),
  }
  return manifestSchema.parse(mergeOver(own, wire.settings.manifest))
}

export const serverUrlOf = ({ services, settings }: Pick<Wire, 'services' | 'settings'>): string => `${services.publicUrl()}${settings.path}`

/** `null` for an installation that names no host yet: there is nothing to recognise its pages by. */
async function platformPart(wire: Wire, tenantId: string, platform: Platform): Promise<JsonObject | null> {
  const { adapter, name } = platform
  const installation = await wire.services.installations.get(tenantId, platform.installationId)
  const hosts = hostsOf(installation, adapter)
  const [first] = hosts
  if (first === undefined) return null
  const { scheme } = await wire.platforms.choose(platform, first)
  const form = await wire.forms.kept(tenantId, installation.id)
  const origins = hosts.map(host => originOf(wire, host))
  const facts = { hostname: hosts.length === 1 ? first : slots.hostname, settings: installation.settings }
  const page = (written: string | null | undefined): string => written == null ? '' : filledSlots(wire.services.guard.resolve(written, facts.hostname))
  const logPageUrl = page(adapter.activityUrl?.(facts, { id: activityId.parse(slots.logId) }))
  const contactPageUrl = page(adapter.contactUrl?.(facts, contactId.parse(slots.contactId)))
  const own = {
    name, displayName: installation.name, logoUrl: '',
    urlIdentifier: hosts.length === 1 ? `${origins[0] ?? ''}/*` : `(${origins.map(escaped).join('|')})/*`,
    embedUrls: origins.map(origin => `${origin}/*`),
    auth: authPart(wire, platform, scheme, installation.oauthClientId),
    contactTypes: [{ value: onlyType, display: 'Contact' }],
    contactPageUrl, callPopUrl: contactPageUrl, logPageUrl, canOpenLogPage: logPageUrl !== '',
    page: {
      useContactSearch: adapter.searchContacts !== undefined,
      callLog: { additionalFields: manifestFieldsOf(form) }, messageLog: { additionalFields: [] }, newContact: { additionalFields: [] },
    },
    settings: [],
    requestConfig: { timeout: 30 },
    embeddedOnCrmPage: { welcomePage: { docLink: '', videoLink: '' } },
    ...(hosts.length > 1 && scheme.type === 'oauth2' ? { override: hosts.map(host => hostOverride(wire, name, host)) } : {}),
  }
  return mergeOver(mergeOver(own, connectorPart(platform, own.auth)), platform.manifest)
}

/** The client cannot do without these; what an author left empty is as if it were not there. */
const wantsContent = ['contactTypes', 'embedUrls']

/** What a connector's author wrote, but for the server and where its users sign in: those are here. */
function connectorPart({ adapter }: Platform, auth: JsonObject): JsonObject {
  if (!isConnectorAdapter(adapter)) return {}
  const useLicense = adapter.appConnect.licenseStatus !== undefined
  const { serverUrl: _elsewhere, ...filled } = Object.fromEntries(Object.entries(writtenPartOf(adapter)).filter(([name, value]) => !wantsContent.includes(name) || Array.isArray(value) && value.length > 0))
  return { useLicense, ...filled, ...(auth['type'] === 'oauth' ? { auth } : {}) }
}

function authPart(wire: Wire, { name, adapter, manifest }: Platform, scheme: AuthScheme, clientId: string | null): JsonObject {
  if (scheme.type === 'oauth2') {
    const [redirectUri] = redirectPagesOf({ manifest, adapter })
    return {
      type: 'oauth',
      oauth: {
        authUrl: startUrlOf(wire, name), clientId: scheme.client?.id ?? clientId ?? 'not-set-up-yet',
        ...(redirectUri !== undefined && { redirectUri }),
        scope: scheme.scopes.length === 0 ? '' : `scope=${encodeURIComponent(scheme.scopes.join(scheme.scopeSeparator ?? ' '))}`,
      },
    }
  }
  const content = scheme.fields.map(({ name: field, label, secret, required, help, placeholder }): JsonObject => ({
    const: field, title: label, type: 'string', required,
    ...(help === undefined ? {} : { description: help }),
    ...(secret || placeholder !== undefined ? { uiSchema: { ...(secret ? { 'ui:widget': 'password' } : {}), ...(placeholder === undefined ? {} : { 'ui:placeholder': placeholder }) } } : {}),
  }))
  return { type: 'apiKey', apiKey: { page: { title: `Connect to ${adapter.name}`, content } } }
}

/** From there it goes on to the CRM, with a state of ours and PKCE. */
const startUrlOf = (wire: Wire, platform: string, host?: string): string =>
  `${serverUrlOf(wire)}/oauth-start/${encodeURIComponent(platform)}${host === undefined ? '' : `/${encodeURIComponent(host)}`}`

const hostOverride = (wire: Wire, platform: string, host: string): JsonObject =>
  ({ triggerType: 'hostname', triggerValue: host, overrideObjects: [{ path: 'auth.oauth.authUrl', value: startUrlOf(wire, platform, host) }] })

const originOf = ({ services }: Wire, host: string): string => new URL(services.guard.resolve(`https://${host}`, host)).origin

const filledSlots = (url: string): string =>
  url.replace(slots.hostname, '{hostname}').replaceAll(slots.contactId, '{contactId}').replaceAll(slots.logId, '{logId}')

const escaped = (text: string): string => text.replace(/[.[\]]/g, '\\$&')

/** Objects are merged member by member, anything else is replaced. */
export function mergeOver(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const known = Object.hasOwn(base, name) ? base[name] : undefined
    merged[name] = isObject(known) && isObject(value) ? mergeOver(known, value) : value
  }
  return merged
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
