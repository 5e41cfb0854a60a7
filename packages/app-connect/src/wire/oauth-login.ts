import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { OAuth2Scheme } from '@linefinder/core'
import type { OAuthClient } from '@linefinder/core/http'
import { ApiError, type ChosenInstallation, type SurfaceServices } from '@linefinder/server'
import { isConnectorAdapter, writtenPartOf, type JsonObject } from '../extras.js'
import { checkAgrees, findPending, type PendingClient } from './managed-oauth.js'
import type { WireSettings } from './options.js'
import type { Platform, Platforms } from './platforms.js'
import { WireRefusal } from './refusal.js'

/** RingCentral's page, to which client 1.6.6 has every CRM send its users back, whatever a manifest says. */
export const rcRedirectPage = 'https://ringcentral.github.io/ringcentral-embeddable/redirect.html'

const flow = z.object({ platform: z.string(), hostname: z.string(), redirectUri: z.string(), pendingBy: z.string().optional() })

export interface Callback {
  readonly code: string | null
  readonly error: string | null
  readonly state: string | null
  readonly redirectUri: string
  readonly hostname: string | undefined
  /** Everything else, by name. */
  readonly more: Readonly<Record<string, string>>
}

export interface Landed {
  readonly platform: Platform
  readonly chosen: ChosenInstallation
  readonly codeVerifier: string | undefined
  readonly redirectUri: string
  /** The account whose administrator entered the client that the browser was sent with. */
  readonly pendingBy: string | undefined
}

const flowScope = 'app-connect:flow'
const flowSeconds = 600

type Services = Pick<SurfaceServices, 'settings' | 'installations' | 'guard'>

/**
 * The client builds the authorisation URL by itself: a constant state, no PKCE, and RingCentral's own redirect page. The manifest therefore leads it
 * here first, and from here it goes on to the CRM with a state that is good once and with PKCE. What is not possible with this client is to tie the
 * flow to one browser: the answer comes by a request of the extension, which has no cookie of ours.
 */
export class OAuthLogin {
  constructor(private readonly services: Services, private readonly platforms: Platforms, private readonly settings: Pick<WireSettings, 'requiresOwnState'>) {}

  /** Resolves to the CRM's address for the user's browser. `asked`: what the client put into the address that the manifest gave it. */
  async begin(platform: Platform, host: string | undefined, asked: URLSearchParams): Promise<string> {
    const chosen = await this.platforms.choose(platform, host)
    const { scheme, client, pending } = await this.oauthOf(chosen, tenantId => findPending({ services: this.services }, tenantId, asked.get('client_id') ?? ''))
    const redirectUri = checkRedirect(platform, asked.get('redirect_uri') ?? rcRedirectPage)
    const state = randomBytes(32).toString('base64url')
    const verifier = scheme.pkce === false ? undefined : randomBytes(32).toString('base64url')
    const tenantId = chosen.installation.tenantId
    await this.services.settings.forgetOlder(tenantId, flowScope, flowSeconds)
    await this.services.settings.put(tenantId, keyOf(state), { platform: platform.name, hostname: chosen.hostname, redirectUri, pendingBy: pending?.accountHash }, verifier ?? null)
    return authorizeUrlOf(this.services.guard.resolve(scheme.authorizeUrl, chosen.hostname), scheme, {
      client_id: client.id, redirect_uri: redirectUri, state,
      ...(verifier === undefined ? {} : { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }),
    })
  }

  /** Uses the state up. Throws a refusal for a state that is neither ours nor the client's constant one. */
  async land({ state, hostname, redirectUri }: Callback): Promise<Landed> {
    const tenantId = await this.platforms.tenantId()
    const taken = state === null ? null : await this.services.settings.take(tenantId, keyOf(state))
    const ours = taken && taken.updatedAt.getTime() > Date.now() - flowSeconds * 1000 ? flow.parse(taken.value) : null
    if (ours) {
      const platform = await this.platforms.get(ours.platform)
      const chosen = await this.platforms.choose(platform, ours.hostname)
      return { platform, chosen, codeVerifier: taken?.secret ?? undefined, redirectUri: ours.redirectUri, pendingBy: ours.pendingBy }
    }
    const named = platformIn(state ?? '')
    if (this.settings.requiresOwnState || named === undefined) throw new WireRefusal(400, 'This sign-in has been used, or ten minutes have passed. Please connect again.')
    // The client went straight to the CRM, so there is neither a state nor a verifier to check: what is left is that the code fits our client.
    const platform = await this.platforms.get(named)
    const chosen = await this.platforms.choose(platform, hostname ?? new URLSearchParams(state ?? '').get('hostname') ?? undefined)
    return { platform, chosen, codeVerifier: undefined, redirectUri: checkRedirect(platform, redirectUri), pendingBy: undefined }
  }

  /** With the installation's client, or while it has none with the one that an administrator has entered. */
  async oauthOf({ scheme, hostname, installation }: ChosenInstallation, findPendingIn: (tenantId: string) => Promise<PendingClient | null>): Promise<{ scheme: OAuth2Scheme; client: OAuthClient; pending: PendingClient | null }> {
    if (scheme.type !== 'oauth2') throw new ApiError('wrong_auth_form')
    const { tenantId, id, oauthClientId } = installation
    const pending = scheme.client || oauthClientId !== null ? null : await findPendingIn(tenantId)
    if (pending) checkAgrees(pending, scheme, hostname, template => this.services.guard.resolve(template, hostname))
    return { scheme, pending, client: pending?.client ?? await this.services.installations.clientOf(scheme, tenantId, id) }
  }
}

export function authorizeUrlOf(base: string, scheme: OAuth2Scheme, params: Readonly<Record<string, string>>): string {
  const url = new URL(base)
  const all = {
    response_type: 'code', ...scheme.authorizeParams,
    ...(scheme.scopes.length === 0 ? {} : { scope: scheme.scopes.join(scheme.scopeSeparator ?? ' ') }),
    ...params,
  }
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  return url.href
}

/** RingCentral's page, or the one that the platform's manifest or its connector's names instead, as Pipedrive's does. */
function checkRedirect(platform: Platform, redirectUri: string): string {
  if (redirectUri === rcRedirectPage || redirectPagesOf(platform).includes(redirectUri)) return redirectUri
  throw new WireRefusal(400, 'The redirect address is not one of this platform’s')
}

const ownRedirect = z.object({ auth: z.object({ oauth: z.object({ redirectUri: z.string() }) }) })

/** Pages beside RingCentral's to which a CRM may send its users back: as the operator says, then as the connector's author does. */
export const redirectPagesOf = ({ manifest, adapter }: Pick<Platform, 'manifest' | 'adapter'>): string[] =>
  [manifest, isConnectorAdapter(adapter) ? writtenPartOf(adapter) : {}].flatMap(each => ownRedirect.safeParse(each).data?.auth.oauth.redirectUri ?? [])

const keyOf = (state: string) => ({ scope: flowScope, owner: '', name: createHash('sha256').update(state).digest('hex') })

/** `platform=acme`, with more behind it or alone. */
function platformIn(state: string): string | undefined {
  return new URLSearchParams(state).get('platform') ?? state.split('platform=')[1]
}

/**
 * What client 1.6.6 makes of the address that the CRM sent its user to: it puts the whole of it into `callbackUri` without encoding it, so that its
 * own parameters but the first become those of the request. Read from the raw query, each value is decoded exactly as often as it was encoded: a
 * code with `%2B` in it survives.
 */
export function readCallback(rawQuery: string): Callback {
  const outer = rawParams(rawQuery)
  const raw = outer.get('callbackUri') ?? ''
  // Encoded, as newer clients may send it, there is no `://` in it.
  const address = raw.includes('://') ? raw : percentDecoded(raw)
  const [page = '', query = ''] = splitAt(address.replace(/#.*/s, ''), '?')
  const inner = rawParams(query)
  const own = (name: string): string | null => {
    const value = inner.get(name) ?? outer.get(name)
    return value === undefined ? null : percentDecoded(value)
  }
  const more = Object.fromEntries([...outer, ...inner].filter(([name]) => name !== '' && !ownNames.includes(name)).map(([name, value]) => [name, percentDecoded(value)]))
  return { code: own('code'), error: own('error'), state: own('state'), redirectUri: page === '' ? rcRedirectPage : page, hostname: own('hostname') ?? undefined, more }
}

const ownNames = ['callbackUri', 'code', 'error', 'state', 'hostname', 'jwtToken', 'rcAccessToken']
const addressNames = ['apiUrl', 'tokenUrl']
const mostMembers = 30
const longestValue = 2000

/**
 * What a connector is told of the request by which somebody connects. Anybody can write there what they like: an address is passed on only when it
 * leads to one of `hosts`, and the code, which has been used, not at all.
 */
export function connectingOf({ redirectUri, more }: Callback, hosts: readonly string[]): JsonObject {
  const leadsToOne = (address: string) => URL.canParse(address) && new URL(address).protocol === 'https:' && hosts.includes(new URL(address).host)
  const isPassed = ([name, value]: readonly [string, string]) =>
    name.length <= 100 && value.length <= longestValue && (leadsToOne(value) || !(addressNames.includes(name) || value.includes('//')))
  return { ...Object.fromEntries(Object.entries(more).filter(isPassed).slice(0, mostMembers)), callbackUri: redirectUri }
}

const rawParams = (query: string): ReadonlyMap<string, string> => new Map(query.split('&').map(part => splitAt(part, '=')))

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** A plus sign stays one: no code has a space. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
