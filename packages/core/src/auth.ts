import type { AxiosInstance } from 'axios'
import * as z from 'zod'

/** One input of a form. It describes itself, so that any client can draw it. */
export const field = z.object({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/),
  label: z.string().min(1),
  /** Shown as dots, stored sealed, never given out again. */
  secret: z.boolean().default(false),
  required: z.boolean().default(true),
  /** A regular expression that the whole value must match. */
  pattern: z.string().optional(),
  help: z.string().optional(),
  placeholder: z.string().optional(),
})
export type Field = z.infer<typeof field>
export type FieldInput = z.input<typeof field>

/** How an agent connects, as a client sees it: by a redirect, or by filling in fields. */
export const authForm = z.discriminatedUnion('type', [
  z.object({ type: z.literal('oauth2') }),
  z.object({ type: z.literal('apiKey'), fields: z.array(field) }),
  z.object({ type: z.literal('basic'), fields: z.array(field) }),
  z.object({ type: z.literal('custom'), fields: z.array(field) }),
])
export type AuthForm = z.infer<typeof authForm>

/** How the client proves itself at the token endpoint (RFC 6749 §2.3.1; `none` for a public client with PKCE). */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'none'

/** What every scheme may say beside. */
interface Scheme {
  /**
   * Whether these credentials tell who connects. `named`: they are the installation's, and the agent says who of the CRM's users they are;
   * `none`: nobody knows. Agents connect by `named` only where the installation's `agentsNameThemselves` is on, and never by `none`; an admin's
   * shared connection needs neither. Default `proven`.
   */
  readonly identity?: 'proven' | 'named' | 'none'
}

/** OAuth 2.0, authorisation code grant (RFC 6749 §4.1). In every URL `{hostname}` is the installation's host. */
export interface OAuth2Scheme extends Scheme {
  readonly type: 'oauth2'
  readonly authorizeUrl: string
  readonly tokenUrl: string
  /** RFC 7009. Without it, ending a connection only forgets the tokens. */
  readonly revokeUrl?: string
  readonly scopes: readonly string[]
  /** The client that is registered with the CRM, where the installation's properties name it. Default: the installation's own. */
  readonly client?: { readonly id: string; readonly secret: string | null }
  /** Default a space, as RFC 6749 §3.3 wants. */
  readonly scopeSeparator?: string
  /** RFC 7636 with S256. Default true. */
  readonly pkce?: boolean
  /** Default `client_secret_basic`. */
  readonly clientAuthentication?: ClientAuthentication
  /**
   * For a token endpoint that wants the code in a way of its own: these go along when it is traded, and a header that is empty takes the usual one
   * away. Default none.
   */
  exchangeOptions?(code: string): { readonly headers?: Readonly<Record<string, string>>; readonly params?: Readonly<Record<string, string>> }
  /** Further parameters of the authorisation request, such as `access_type: 'offline'`. */
  readonly authorizeParams?: Readonly<Record<string, string>>
}

/** Where a field's value goes on every request, or one that the installation's properties give. */
export type KeyPlacement =
  | { readonly in: 'header'; readonly field: string; readonly name: string; readonly prefix?: string }
  | { readonly in: 'query'; readonly field: string; readonly name: string }
  /** RFC 7617 with the field as user name, and a literal password (default empty): what many CRMs do with API keys. */
  | { readonly in: 'basic'; readonly field: string; readonly password?: string }
  | { readonly in: 'header' | 'query'; readonly name: string; readonly value: string }

export interface ApiKeyScheme extends Scheme {
  readonly type: 'apiKey'
  readonly fields: readonly Field[]
  readonly placements: readonly KeyPlacement[]
}

/** User name and password on every request (RFC 7617, UTF-8). The fields are named `username` and `password`. */
export interface BasicScheme extends Scheme {
  readonly type: 'basic'
  readonly fields: readonly Field[]
}

/** What a CRM's own login gave us. Sealed at rest like a token. */
export interface SessionCredential {
  readonly values: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. The server logs in again before it is reached, and after a 401. */
  readonly expiresAt?: number
}

export interface LoginContext {
  /** Guarded and with a deadline, but not authorised: relative paths go to the adapter's `baseUrl`. */
  readonly http: AxiosInstance
  readonly hostname: string
  readonly signal: AbortSignal
}

/** For CRMs with a login call of their own. */
export interface CustomScheme extends Scheme {
  readonly type: 'custom'
  readonly fields: readonly Field[]
  /** Trades the fields for a session. Throws `CrmError('unauthorized')` when they are wrong. */
  login(ctx: LoginContext, fields: Readonly<Record<string, string>>): Promise<SessionCredential>
  /** Headers and query parameters that carry the session. Pure. */
  authorize(credential: SessionCredential): { readonly headers?: Readonly<Record<string, string>>; readonly params?: Readonly<Record<string, string>> }
  /** Ends the session at the CRM. */
  end?(ctx: LoginContext, credential: SessionCredential): Promise<void>
}

export type AuthScheme = OAuth2Scheme | ApiKeyScheme | BasicScheme | CustomScheme

export const oauth2 = (scheme: Omit<OAuth2Scheme, 'type'>): OAuth2Scheme => ({ type: 'oauth2', ...scheme })

/** Throws when a placement names a field that the form does not have. */
export function apiKey(scheme: { fields: readonly FieldInput[]; placements: readonly KeyPlacement[] }): ApiKeyScheme {
  const fields = scheme.fields.map(input => field.parse(input))
  for (const placement of scheme.placements) {
    if ('field' in placement && !fields.some(({ name }) => name === placement.field)) throw new Error(`apiKey: no field named "${placement.field}"`)
  }
  return { type: 'apiKey', fields, placements: scheme.placements }
}

export const basic = (labels: { username?: string; password?: string } = {}): BasicScheme => ({
  type: 'basic',
  fields: [
    field.parse({ name: 'username', label: labels.username ?? 'User name' }),
    field.parse({ name: 'password', label: labels.password ?? 'Password', secret: true }),
  ],
})

export const custom = (scheme: Omit<CustomScheme, 'type' | 'fields'> & { fields: readonly FieldInput[] }): CustomScheme => ({
  ...scheme,
  type: 'custom',
  fields: scheme.fields.map(input => field.parse(input)),
})

/** What a client needs to know of a scheme. */
export function authFormOf(scheme: AuthScheme): AuthForm {
  return scheme.type === 'oauth2' ? { type: 'oauth2' } : { type: scheme.type, fields: [...scheme.fields] }
}
