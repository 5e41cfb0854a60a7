import { crmUserId, CrmError, type AdapterContext, type AuthScheme, type CrmUser, type InstallationWithSecrets } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import * as answers from './answers.js'
import type { ConnectorCall } from './connector-call.js'
import { refusalOf } from './failures.js'
import { crmIdOf, type ConnectorHost, type Given } from './host.js'
import { sealable, stateOf } from './kept-state.js'
import { formOf, scopesOf } from './manifest.js'

export interface AuthOptions {
  /**
   * Whether the connector's credentials prove who connects. Default `proven`; `named` where the form asks for an address, since whoever runs a host can
   * say to be anybody.
   */
  readonly identity?: 'proven' | 'named' | 'none'
  /** Where the connection is ended at the CRM. */
  readonly revokeUrl?: string
  readonly pkce?: boolean
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post' | 'none'
}

/** How the connector says that one connects, for one installation. */
export async function schemeOf(host: ConnectorHost, installation: InstallationWithSecrets, options: AuthOptions): Promise<AuthScheme> {
  return host.asInstallation(installation, async () => {
    const { module, platformManifest } = host.parts
    const type = await module.getAuthType?.({ proxyId: undefined, proxyConfig: undefined }) ?? platformManifest.auth.type
    // The connector puts the key where it belongs.
    if (type !== 'oauth') {
      const fields = formOf(platformManifest)
      return { type: 'apiKey', fields, placements: [], identity: options.identity ?? (fields.some(({ name }) => isAddress(name)) ? 'named' : 'proven') }
    }
    const info = await host.oauthInfo(installation)
    const client = info.clientId ?? platformManifest.auth.oauth?.clientId
    const scopes = scopesOf(platformManifest)
    const { revokeUrl, pkce, clientAuthentication } = options
    return {
      type: 'oauth2',
      authorizeUrl: info.authorizationUri ?? platformManifest.auth.oauth?.authUrl ?? '',
      tokenUrl: info.accessTokenUri ?? '',
      scopes: scopes.length > 0 ? scopes : [info.scopes ?? []].flat(),
      ...(client !== undefined && client !== '' && { client: { id: client, secret: info.clientSecret ?? null } }),
      ...(options.identity !== undefined && { identity: options.identity }),
      ...(revokeUrl !== undefined && { revokeUrl }), ...(pkce !== undefined && { pkce }), ...(clientAuthentication !== undefined && { clientAuthentication }),
      ...(module.getOverridingOAuthOption && {
        exchangeOptions: (code: string) => host.asInstallation(installation, () => {
          const { headers = {}, query = {} } = module.getOverridingOAuthOption?.({ code, oauthInfo: info }) as { headers?: Record<string, string>; query?: Record<string, string> } | undefined ?? {}
          return { headers, params: query }
        }),
      }),
    }
  })
}

const isAddress = (name: string): boolean => /url|host|domain|server|endpoint|instance|site|subdomain/i.test(name)

/** Names the user, and keeps what the connector says of them. */
export const getUserInfo = (host: ConnectorHost, ctx: AdapterContext): Promise<CrmUser> => host.run(ctx, async (call, given) => {
  const { platform } = host.parts
  const held = await call.credentials.read()
  const { connecting = {}, userId } = stateOf(held.state)
  const answer = await host.ask(call, answers.userInfo, 'getUserInfo', 'fields' in held
    ? { authHeader: given.authHeader, hostname: given.user.hostname, platform, additionalInfo: { ...held.fields }, apiKey: given.user.accessToken, proxyId: undefined }
    : await oauthArgument(host, ctx, given, connecting))
  const found = answer.platformUserInfo
  if (!found) throw refusalOf(answer, call)
  const isNew = userId == null
  await keep(call, found, connecting)
  const saved = isNew ? await postSave(host, call, { id: found.id, name: found.name }) : {}
  const { accountKey } = host.parts
  const account = accountKey === undefined ? undefined : found.platformAdditionalInfo?.[accountKey]
  return {
    id: crmUserId.parse(crmIdOf(found.id, platform)), name: saved.name ?? found.name,
    ...(found.email !== undefined && { email: found.email }),
    ...(isTimeZone(found.timezoneName) && { timezone: found.timezoneName }),
    ...((typeof account === 'string' || typeof account === 'number') && { account: { id: String(account) } }),
  }
})

async function oauthArgument(host: ConnectorHost, { connection: { hostname } }: AdapterContext, { authHeader, user }: Given, query: JsonObject): Promise<Record<string, unknown>> {
  const info = await host.oauthInfo({ hostname }, query)
  if (info.failMessage !== undefined) throw new CrmError('rejected', { detail: info.failMessage })
  const { apiUrl, username, callbackUri, userEmail } = query
  return {
    authHeader, tokenUrl: info.accessTokenUri ?? query['tokenUrl'], apiUrl, hostname: info.hostname ?? user.hostname, platform: host.parts.platform, username, callbackUri,
    query, proxyId: undefined, proxyConfig: undefined, userEmail, data: {},
  }
}

/** Only what has changed is written. */
async function keep({ user, credentials, ctx }: ConnectorCall, found: NonNullable<Awaited<ReturnType<typeof answers.userInfo.parse>>['platformUserInfo']>, connecting: JsonObject): Promise<void> {
  user.set({
    id: found.id, timezoneName: found.timezoneName ?? undefined, timezoneOffset: found.timezoneOffset ?? undefined,
    platformAdditionalInfo: { ...user.platformAdditionalInfo, ...found.platformAdditionalInfo },
    ...(found.overridingHostname && { hostname: found.overridingHostname }),
    ...(found.overridingApiKey && { accessToken: found.overridingApiKey }),
    ...(typeof connecting['rcAccountId'] === 'string' && { rcAccountId: connecting['rcAccountId'] }),
    ...(typeof connecting['hashedRcExtensionId'] === 'string' && { hashedRcExtensionId: connecting['hashedRcExtensionId'] }),
  })
  await user.save()
  if (Object.keys(connecting).length === 0) return
  const held = await credentials.read()
  const { connecting: _used, ...state } = stateOf(held.state)
  if (!await credentials.replace({ ...held, state: sealable(state) })) ctx.log.debug('what came with the request to connect is kept for now')
}

/** What it gives back replaces what was known; one that gives nothing has done its work all the same. */
async function postSave(host: ConnectorHost, call: ConnectorCall, userInfo: { id: string; name: string }): Promise<{ name?: string | undefined }> {
  if (!host.has('postSaveUserInfo')) return {}
  return await host.askLeniently(call, answers.renamed, 'postSaveUserInfo', { userInfo, oauthApp: await host.oauthApp(call.user) }) ?? {}
}

/** By the connector's own rule, of which it is told that the token is over. The server lets one process at a time. */
export const renewCredentials = (host: ConnectorHost, ctx: AdapterContext): Promise<void> => host.run(ctx, async (call, { user }) => {
  user.tokenExpiry = new Date(0)
  const renewed: unknown = await host.parts.module.checkAndRefreshAccessToken?.(await host.oauthApp(user), user, 20)
  if (renewed === null || renewed === undefined) {
    // It means that the session is over; but a CRM that does not answer has not said so.
    const failure = call.failure && refusalOf({}, call)
    throw failure?.isRetryable ? failure : new CrmError('unauthorized', failure ? { cause: failure } : {})
  }
  // It may have answered that the token is good still.
  if (user.tokenExpiry instanceof Date && user.tokenExpiry.getTime() === 0) user.tokenExpiry = undefined
  await user.save()
}, { isRenewal: true })

function isTimeZone(name: string | null | undefined): name is string {
  try {
    return Boolean(name) && new Intl.DateTimeFormat('en', { timeZone: name ?? '' }) !== undefined
  } catch {
    return false
  }
}
