import type { Configuration, Provider } from 'oidc-provider'
import { findUser } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import type { ClientDirectory } from './clients.js'
import { hashSecret } from './clients.js'
import type { Keys } from './keys.js'
import { loadProvider } from './load-provider.js'
import { recordStore } from './record-store.js'

export interface AuthorizationServerOptions {
  readonly database: Database
  readonly clients: ClientDirectory
  readonly keys: Keys
  /** Where Acme is reached from outside; the issuer is this with `/oauth` behind it. */
  readonly publicUrl: string
  /** Asked at every token, so that a switch can shorten it. */
  accessTokenTtlSeconds(): number
  renderError(title: string, message: string): string
}

/** Session cookies of the authorization server. Signing out of Acme must clear them too. */
export const sessionCookies = ['acme_oauth', 'acme_oauth.sig'] as const

export const scopes = {
  'crm.read': 'See your people, companies, calls and notes',
  'crm.write': 'Add and change people, calls and notes',
  offline_access: 'Stay connected when you are away',
} as const

const day = 24 * 60 * 60

export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<Provider> {
  const oidc = await loadProvider()
  const reuse = () => new oidc.errors.InvalidGrant('already used')
  const provider = new oidc.Provider(`${options.publicUrl}/oauth`, {
    ...configurationOf(options),
    adapter: recordStore(options.database, options.clients, reuse),
  })
  provider.proxy = options.publicUrl.startsWith('https:')
  hashComparedSecrets(provider)
  return provider
}

function configurationOf({ database, keys, accessTokenTtlSeconds, renderError }: AuthorizationServerOptions): Configuration {
  return {
    jwks: keys.signing,
    cookies: {
      keys: keys.cookies,
      names: { session: 'acme_oauth', interaction: 'acme_interaction', resume: 'acme_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    routes: { authorization: '/auth', token: '/token', revocation: '/revoke', jwks: '/jwks' },
    scopes: Object.keys(scopes),
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    // The default forgives 15 seconds, which would keep a two-second token alive for seventeen.
    clockTolerance: 0,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => accessTokenTtlSeconds(),
      AuthorizationCode: 60,
      RefreshToken: 90 * day,
      Grant: 365 * day,
      Interaction: day / 24,
      Session: 14 * day,
      IdToken: day / 24,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    clientBasedCORS: () => false,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    async findAccount(_ctx, id) {
      const user = await findUser(database, id)
      return user === null ? undefined : { accountId: user.id, claims: async () => ({ sub: user.id }) }
    },
    renderError(ctx, out) {
      ctx.type = 'html'
      ctx.body = renderError('This connection cannot be made', `${out.error}: ${out.error_description ?? ''}`)
    },
  }
}

/** The store holds only hashes of client secrets; what a client sends is hashed before it is compared. */
function hashComparedSecrets(provider: Provider): void {
  const prototype = provider.Client.prototype
  const compare = prototype.compareClientSecret
  prototype.compareClientSecret = function compareHash(actual) {
    return compare.call(this, hashSecret(actual))
  }
}
