import * as z from 'zod'
import { bodyDateFormats, bodyDetails } from '../call-log-body.js'
import { adapterSummary } from './adapters.js'
import { connectionStanding, connectionStates } from './connecting.js'
import { apiKeyScopes, endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'

const byId = z.object({ id: z.uuid() })
const instant = z.iso.datetime()
const host = z.string().max(255).regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/, 'must be a host name in lower case, with a port if needed, without scheme and path')
const webOrigin = z.url({ protocol: /^(https?|chrome-extension|moz-extension)$/, abort: true }).refine(text => {
  const url = new URL(text)
  // Compared byte by byte with what browsers send: lower case, no default port. `origin` of an extension is opaque.
  if (/^https?:$/.test(url.protocol)) return url.origin === text
  return (url.pathname === '' || url.pathname === '/') && url.search === '' && url.hash === '' && !text.endsWith('/')
}, 'must be a web origin, such as https://phone.example.com')

export const installationSettings = z.object({
  /** ISO 3166-1 alpha-2. Reads numbers that are written without a country code. */
  country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)').optional(),
  /** Completes local numbers, such as `413`. Without its leading zero. */
  areaCode: z.string().regex(/^\d{1,8}$/, 'must be digits').optional(),
  /** What is dialled before a country code, beside `+`, `00` and the country's own. */
  internationalPrefix: z.string().regex(/^\d{1,8}$/, 'must be digits').optional(),
  /** The organisation's own lines: nobody is found by them. */
  ownNumbers: z.array(z.string().min(1).max(100)).max(1000).optional(),
  /** Lengths of internal numbers. Default 2 to 6 digits that are no number of the country. */
  extensionLengths: z.array(z.int().min(1).max(15)).max(15).optional(),
  /** Whether calls and messages that name no contact go on the record of whoever has the number. `off` for clients that always choose. Default on. */
  contactMatching: z.enum(['on', 'off']).optional(),
  /**
   * Whose record it is when several have the number. `ask`, the default: it waits until somebody says. Else one of them by rule: who had an
   * activity latest, whose record is the oldest or newest, or whose name comes first.
   */
  contactChoice: z.enum(['ask', 'latest_activity', 'oldest', 'newest', 'first_by_name']).optional(),
  /** Whether logging makes a contact for a number that nobody has: never, when the log asks for it (`newContact`), or always. Default `on_request`. */
  createContacts: z.enum(['off', 'on_request', 'automatic']).optional(),
  /**
   * For a CRM whose credentials are the installation's: whether agents may say who they are, unproven. On for networks in which nobody pretends
   * only. Default false: an admin makes a shared connection.
   */
  agentsNameThemselves: z.boolean().optional(),
  /** Deliveries to the CRM at once, of each connection. Default 4. */
  maxParallelDeliveries: z.int().min(1).max(50).optional(),
  /** What an activity's text tells, in this order, where the adapter has one. Default the adapter's choice. */
  logDetails: z.array(z.enum(bodyDetails)).max(bodyDetails.length).optional(),
  /** IANA name, such as `Europe/Amsterdam`, for times in that text. Default the CRM user's, else UTC. */
  timeZone: z.string().max(100).refine(isTimeZone, 'is no time zone (IANA)').optional(),
  /** BCP 47, such as `nl-NL`, for the same. Default `en-GB`. */
  locale: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag, such as nl-NL').optional(),
  /** For the same: the locale's way, `2026-11-24 15:04`, `11/24/2026 3:04 PM` or `24-11-2026 15:04`. Default `locale`. */
  dateFormat: z.enum(bodyDateFormats).optional(),
  /** Whether recordings are copied into the CRM, where the adapter can. Needs `recordingHosts`. Default false: the CRM gets the link. */
  uploadRecordings: z.boolean().optional(),
  /** Where recordings may be fetched from: the phone system's hosts, with a port if needed. */
  recordingHosts: z.array(host).max(20).optional(),
  /** Larger recordings are not copied. In units of 1,000,000 bytes. Default 100. */
  maxRecordingMb: z.int().min(1).max(2000).optional(),
  /** Whether an adapter that handles credentials itself (`needsCredentials`) may have those of this installation's connections. Default false. */
  allowCredentials: z.boolean().optional(),
}).catchall(z.union([z.string().max(4000), z.number(), z.boolean(), z.array(z.union([z.string().max(1000), z.number()])).max(1000)]))

const installationFields = z.object({
  name: z.string().trim().min(1).max(255),
  /** The one host of this tenant's CRM. */
  host: host.nullable().default(null),
  /** Where several are in use, those that an agent may choose from. */
  allowedHosts: z.array(host).max(100).default([]),
  settings: installationSettings.default({}),
  oauthClientId: z.string().max(1000).nullable().default(null),
  /** Written, never read back. */
  oauthClientSecret: z.string().min(1).max(4000).nullable().default(null),
  /** What the adapter asks for, by name; null clears. Secret ones are written, never read back. Those that are left out stay. */
  properties: z.record(z.string().min(1).max(255), z.string().min(1).max(4000).nullable()).optional(),
  enabled: z.boolean().default(true),
})

export const adminInstallation = installationFields.omit({ oauthClientSecret: true }).extend({
  id: z.uuid(),
  adapter: z.string(),
  hasOauthClientSecret: z.boolean(),
  /** Without the secret ones. */
  properties: z.record(z.string(), z.string()),
  /** The names of the secret ones that are set. */
  secretsSet: z.array(z.string()),
  /** The names of those that the adapter needs and that are not set. While there are any, nobody can connect. */
  missingProperties: z.array(z.string()),
  /** Register this address with the CRM's OAuth server. */
  callbackUrl: z.string(),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: 'AdminInstallation' })

const clientAppFields = z.object({
  name: z.string().trim().min(1).max(255),
  /** Compared byte by byte; on loopback addresses any port matches (RFC 8252 §7.3). */
  redirectUris: z.array(z.string().max(2000).refine(isRedirectUri, 'must be an absolute address without a fragment')).max(50).default([]),
  webOrigins: z.array(webOrigin).max(50).default([]),
  /** The name under which its calls are logged. Two client apps of one phone system share it, so that a call is logged once. */
  phoneSystem: z.string().trim().min(1).max(100),
})

export const adminClientApp = clientAppFields.extend({
  /** Public. Clients send it as `client_id`. */
  id: z.string(),
  createdAt: instant,
}).meta({ id: 'AdminClientApp' })

export const adminConnection = z.object({
  id: z.uuid(),
  installation: z.uuid(),
  kind: z.enum(['personal', 'shared']),
  ...connectionStanding,
  host: z.string(),
  crmAccount: z.uuid(),
  crmUser: z.object({ id: z.string(), name: z.string(), email: z.string().optional() }),
  agent: z.uuid().nullable(),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: 'AdminConnection' })

const agentFields = z.object({
  name: z.string().trim().min(1).max(255),
  email: z.email().nullable(),
  extensions: z.array(z.string().regex(/^[0-9*#]{1,20}$/, 'must be digits')).max(20),
})

export const adminAgent = agentFields.extend({
  id: z.uuid(),
  /** The CRM users that this person is. */
  identities: z.array(z.object({ connection: z.uuid(), crmAccount: z.uuid(), crmUserId: z.string() })),
  createdAt: instant,
}).meta({ id: 'AdminAgent' })

export const adminApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.enum(apiKeyScopes)).min(1),
  /** The first characters, to tell keys apart. */
  prefix: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
}).meta({ id: 'AdminApiKey' })

const at = (path: string) => ({ path: `/v1/admin/${path}`, access: 'admin', tag: 'Administration' }) as const

export const admin = {
  adapters: {
    list: endpoint({
      method: 'GET', ...at('adapters'), summary: 'The CRMs that the tenant can set up',
      output: z.object({ items: z.array(adapterSummary) }), errors: [],
    }),
  },
  installations: {
    list: endpoint({ method: 'GET', ...at('installations'), summary: 'The tenant’s installations', query: pageQuery, output: pageOf(adminInstallation), errors: [] }),
    create: endpoint({
      method: 'POST', ...at('installations'), summary: 'Set up an adapter for the tenant',
      description: 'A host is fixed (`host`) or chosen from `allowedHosts`, unless the adapter has one for all. Without the adapter’s required `properties` it must be `enabled: false`.',
      body: installationFields.extend({ adapter: z.string().min(1).max(100) }),
      output: adminInstallation, statuses: [201], errors: ['adapter_not_found'],
    }),
    get: endpoint({ method: 'GET', ...at('installations/{id}'), summary: 'One installation', params: byId, output: adminInstallation, errors: ['installation_not_found'] }),
    update: endpoint({
      method: 'PATCH', ...at('installations/{id}'), summary: 'Change an installation', params: byId,
      description: 'What is left out stays, null clears; `allowedHosts` and `settings` are replaced as a whole, `properties` one by one. Connections to a host that is no longer allowed end.',
      body: partialWithoutDefaults(installationFields), output: adminInstallation, errors: ['installation_not_found'],
    }),
    remove: endpoint({ method: 'DELETE', ...at('installations/{id}'), summary: 'Remove an installation that has no connections', params: byId, output: null, errors: ['installation_not_found', 'in_use'] }),
  },
  clientApps: {
    list: endpoint({ method: 'GET', ...at('client-apps'), summary: 'The tenant’s client apps', query: pageQuery, output: pageOf(adminClientApp), errors: [] }),
    create: endpoint({ method: 'POST', ...at('client-apps'), summary: 'Register a client app', body: clientAppFields, output: adminClientApp, statuses: [201], errors: [] }),
    update: endpoint({
      method: 'PATCH', ...at('client-apps/{id}'), summary: 'Change a client app', params: z.object({ id: z.string().min(1).max(100) }),
      body: partialWithoutDefaults(clientAppFields), output: adminClientApp, errors: ['client_app_not_found'],
    }),
    remove: endpoint({ method: 'DELETE', ...at('client-apps/{id}'), summary: 'Remove a client app and end its sessions', params: z.object({ id: z.string().min(1).max(100) }), output: null, errors: ['client_app_not_found'] }),
  },
  connections: {
    list: endpoint({
      method: 'GET', ...at('connections'), summary: 'The tenant’s connections',
      query: pageQuery.extend({ installation: z.uuid().optional(), kind: z.enum(['personal', 'shared']).optional(), state: z.enum(connectionStates).optional() }),
      output: pageOf(adminConnection), errors: [],
    }),
    createShared: endpoint({
      method: 'POST', ...at('connections'), summary: 'Make a shared connection',
      description: 'With fields, the CRM is asked at once. For OAuth 2.0 the answer holds a one-time link to open in a browser within ten minutes.',
      body: z.object({
        installation: z.uuid(),
        host: z.string().max(255).optional(),
        fields: z.record(z.string().max(100), z.string().max(4000)).optional(),
      }),
      output: z.union([
        z.object({ connection: adminConnection }),
        z.object({ authorizeUrl: z.string(), expiresAt: instant }),
      ]),
      statuses: [201],
      errors: ['installation_not_found', 'installation_disabled', 'host_not_allowed', 'properties_missing', 'wrong_auth_form', 'login_refused', 'crm_unreachable', 'crm_timeout'],
    }),
    remove: endpoint({ method: 'DELETE', ...at('connections/{id}'), summary: 'Log a connection out of the CRM and end its sessions', params: byId, output: null, errors: ['not_found'] }),
  },
  agents: {
    list: endpoint({ method: 'GET', ...at('agents'), summary: 'The tenant’s agents', query: pageQuery, output: pageOf(adminAgent), errors: [] }),
    update: endpoint({ method: 'PATCH', ...at('agents/{id}'), summary: 'Change an agent’s name, e-mail or extensions', params: byId, body: agentFields.partial(), output: adminAgent, errors: ['not_found'] }),
    join: endpoint({
      method: 'POST', ...at('agents/{id}/join'), summary: 'Say that two agents are one person',
      description: 'The other agent’s identities and call logs move to this one, and it disappears.',
      params: byId, body: z.object({ agent: z.uuid() }), output: adminAgent, errors: ['not_found'],
    }),
  },
  apiKeys: {
    list: endpoint({ method: 'GET', ...at('api-keys'), summary: 'The tenant’s API keys, without the keys', query: pageQuery, output: pageOf(adminApiKey), errors: [] }),
    create: endpoint({
      method: 'POST', ...at('api-keys'), summary: 'Make an API key', description: 'The key is in this answer only; a hash is stored.',
      body: z.object({ name: z.string().trim().min(1).max(255), scopes: z.array(z.enum(apiKeyScopes)).min(1) }),
      output: adminApiKey.extend({ key: z.string() }), statuses: [201], errors: [],
    }),
    remove: endpoint({ method: 'DELETE', ...at('api-keys/{id}'), summary: 'Revoke an API key', params: byId, output: null, errors: ['not_found'] }),
  },
}

/** A PATCH body: what is left out stays, so defaults must not come in. */
function partialWithoutDefaults<Shape extends z.core.$ZodShape>(schema: z.ZodObject<Shape>) {
  const entries = Object.entries(schema.shape).map(([name, field]) =>
    [name, (field instanceof z.ZodDefault ? field.removeDefault() : field) as z.ZodType] as const)
  return z.object(Object.fromEntries(entries) as unknown as WithoutDefaults<Shape>).partial()
}
type WithoutDefaults<Shape> = { [K in keyof Shape]: Shape[K] extends z.ZodDefault<infer Inner> ? Inner : Shape[K] }

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function isRedirectUri(text: string): boolean {
  if (text === 'urn:ietf:wg:oauth:2.0:oob') return true
  if (!URL.canParse(text)) return false
  const { protocol, hash } = new URL(text)
  return hash === '' && !['javascript:', 'data:', 'file:', 'blob:', 'about:', 'vbscript:'].includes(protocol)
}
