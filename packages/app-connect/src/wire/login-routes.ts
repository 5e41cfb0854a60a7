import { z } from 'zod'
import { CrmError, type AuthScheme } from '@linefinder/core'
import { ApiError, byAddress, hostsOf, type ChosenInstallation } from '@linefinder/server'
import { isConnectorAdapter } from '../extras.js'
import { toJson, type RefuseWith } from './failures.js'
import { managedValuesFor } from './managed-auth.js'
import { readPending, settle } from './managed-oauth.js'
import { connectingOf, OAuthLogin, readCallback } from './oauth-login.js'
import type { Platform } from './platforms.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import { sayDone, sayWarning } from './say.js'
import type { Wire, WireRequest, WireRoute } from './wire.js'

const loginBody = z.object({
  apiKey: z.string().max(4000).optional(),
  platform: z.string().max(100).optional(),
  hostname: z.string().max(300).nullish(),
  additionalInfo: z.record(z.string(), z.unknown()).nullish(),
})

/** The client shows a fixed text of its own, whatever is in here; other clients see the reason. */
const refuseLogin: RefuseWith = said => ({ status: 400, body: toJson(said) })
/** Without `jwtToken` the client shows the message and stops. */
const refuseCallback: RefuseWith = said => ({ status: 200, body: toJson(said) })

const perAddress = [{ name: 'connectionsPerAddress', keyOf: byAddress } as const]

export const loginRoutes: WireRoute[] = [
  wireRoute('post', '/apiKeyLogin', 'public', async (wire, asked) => {
    const body = parsed(loginBody, asked.body)
    const platform = await wire.platforms.get(body.platform ?? platformInState(asked.query))
    const chosen = await wire.platforms.choose(platform, body.hostname ?? undefined)
    if (chosen.scheme.type === 'oauth2') throw new ApiError('wrong_auth_form')
    const given = { ...body.additionalInfo, ...(body.apiKey === undefined ? {} : { apiKey: body.apiKey }) }
    const fields = fieldsOf(chosen.scheme, { ...await managedValuesFor(wire, asked, platform), ...filledIn(body.additionalInfo ?? {}) }, given)
    const missing = chosen.scheme.fields.filter(({ name, required }) => required && (fields[name] ?? '') === '').map(({ name }) => name)
    if (missing.length > 0) throw new WireRefusal(400, { returnMessage: { ...toJson(sayWarning('Some required fields are missing.'))['returnMessage'] as object, missingRequiredFieldConsts: missing } })
    const connection = await wire.services.connections.connectByFields(chosen, 'personal', fields, asked.options)
    const rcAccountId = asked.query.get('rcAccountId')
    if (isConnectorAdapter(chosen.adapter) && rcAccountId !== null) await keepFacts(wire, asked, connection, rcAccountId)
    return loggedIn(wire, platform, chosen, connection)
  }, { refuse: refuseLogin, limits: perAddress }),

  wireRoute('get', '/oauth-start/:platform', 'public', startOAuth, { refuse: refuseCallback, limits: perAddress }),
  wireRoute('get', '/oauth-start/:platform/:host', 'public', startOAuth, { refuse: refuseCallback, limits: perAddress }),

  wireRoute('get', '/oauth-callback', 'public', async (wire, asked) => {
    const callback = readCallback(asked.request.url.replace(/^[^?]*\??/, ''))
    const login = new OAuthLogin(wire.services, wire.platforms, wire.settings)
    // Before anything else, so that a state is used up also by a refusal.
    const { platform, chosen, codeVerifier, redirectUri, pendingBy } = await login.land(callback)
    if (callback.error !== null) throw new ApiError('oauth_denied', { detail: 'Access to the CRM was not granted.' })
    if (callback.code === null) throw new WireRefusal(400, 'The CRM sent no code')
    const account = pendingBy ?? wire.hashes.of(asked.query.get('rcAccountId') ?? '')
    const { scheme, client, pending } = await login.oauthOf(chosen, tenantId => readPending(wire, tenantId, account))
    const held = await wire.services.tokens
      .exchange({ scheme, hostname: chosen.hostname, client, requestId: asked.options.requestId }, callback.code, redirectUri, codeVerifier)
      .catch(throwAsRefused)
    const state = isConnectorAdapter(chosen.adapter) ? { state: { connecting: connectingOf(callback, hostsOf(chosen.installation, chosen.adapter)) } } : {}
    const connection = await wire.services.connections.connectByTokens(chosen, 'personal', { ...held, ...state }, asked.options)
    if (pending) await settle(wire, chosen.installation, pending)
    return loggedIn(wire, platform, chosen, connection)
  }, { refuse: refuseCallback, limits: [{ name: 'sessionsPerAddress', keyOf: byAddress }] }),

  // MISMATCH: the server of App Connect answers the message itself, its client reads it from `returnMessage`. Both find it here.
  wireRoute('post', '/unAuthorize', 'session', async ({ services }, { caller }) => {
    await services.sessions.end(caller.sessionHash)
    const { returnMessage } = sayDone('Logged out.')
    return { ...returnMessage, returnMessage }
  }, { isEnding: true }),
]

async function startOAuth(wire: Wire, { params, query, response }: WireRequest<'public'>): Promise<undefined> {
  const platform = await wire.platforms.get(params['platform'])
  const address = await new OAuthLogin(wire.services, wire.platforms, wire.settings).begin(platform, params['host'], query)
  response.writeHead(302, { Location: address, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).end()
}

type Connected = Awaited<ReturnType<Wire['services']['connections']['connectByFields']>>

async function loggedIn(wire: Wire, platform: Platform, { adapter }: ChosenInstallation, connection: Connected): Promise<object> {
  const { crmUser } = connection
  const { jwt, sessionHash } = await wire.tokens.issue(`${crmUser.id}-${platform.name}`, platform.name)
  await wire.services.sessions.createFor(sessionHash, wire.settings.clientApp, connection)
  return { jwtToken: jwt, name: crmUser.name, ...sayDone(`Connected to ${adapter.name} as ${crmUser.name}.`) }
}

/** What the client says of itself, for the connector; nothing is decided by it. */
async function keepFacts({ services }: Wire, { options }: WireRequest<'public'>, connection: Connected, rcAccountId: string): Promise<void> {
  const { adapter, settings, secrets: sealedSecrets } = await services.installations.get(connection.tenantId, connection.installationId)
  await services.gateway.call({ ...connection, adapter, settings, sealedSecrets }, options, z.void(), async (crm, ctx) => {
    if (isConnectorAdapter(crm)) await crm.appConnect.keepUserFacts(ctx, { rcAccountId })
  })
}

/** The form's own fields; `apiKey` is the only one of a form with one field, whatever that is called. The client sends the word `apiKey` when the form has none. */
function fieldsOf(scheme: Exclude<AuthScheme, { type: 'oauth2' }>, filled: Readonly<Record<string, string>>, given: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = scheme.fields.map(({ name }) => name)
  const fields = Object.fromEntries(names.flatMap(name => filled[name] === undefined ? [] : [[name, filled[name]]]))
  const [only] = names
  const key = given['apiKey']
  if (names.length === 1 && only !== undefined && fields[only] === undefined && typeof key === 'string' && key !== 'apiKey') return { [only]: key }
  if (names.includes('apiKey') && fields['apiKey'] === undefined && typeof key === 'string') return { ...fields, apiKey: key }
  return fields
}

const filledIn = (info: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(info).flatMap(([name, value]) => {
    const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
    return text === '' ? [] : [[name, text]]
  }))

const platformInState = (query: URLSearchParams): string | undefined => new URLSearchParams(query.get('state') ?? '').get('platform') ?? undefined

/** A code that the CRM refuses is the caller's news. */
function throwAsRefused(error: unknown): never {
  if (error instanceof CrmError && error.code === 'unauthorized') throw new ApiError('login_refused', { cause: error })
  throw error
}

/** A body of the wrong form is 400 with JSON, as App Connect answers what it cannot read. */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new WireRefusal(400, { error: `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is wrong'}` })
}

