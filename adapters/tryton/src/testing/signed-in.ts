import axios, { type AxiosInstance } from 'axios'
import { CrmError, type AdapterContext, type CrmErrorCode, type CustomScheme, type PhoneQuery, type SessionCredential } from '@linefinder/core'
import { parsePhone, samePhone, variants } from '@linefinder/core/phone'
import tryton from '../index.js'
import { annsPassword } from './probe.js'
import type { Tryton } from './start-tryton.js'

export interface SignedIn {
  /** What a server would give the adapter, in the Netherlands. */
  readonly ctx: AdapterContext
  readonly scheme: CustomScheme
  readonly credential: SessionCredential
  /** Without credentials, as for logging in and out. */
  readonly login: { readonly http: AxiosInstance; readonly hostname: string; readonly signal: AbortSignal }
}

const country = 'NL'
const { signal } = new AbortController()

export const queryOf = (raw: string): PhoneQuery => {
  const parsed = parsePhone(raw, { country })
  return { e164: parsed.ok ? parsed.e164 : null, raw, extension: null, variants: variants(raw, 'lastDigits', { country }) }
}

export async function schemeOf({ host }: Tryton, settings: Readonly<Record<string, unknown>>): Promise<CustomScheme> {
  if (typeof tryton.auth !== 'function') throw new Error('the scheme depends on the installation')
  // It is Tryton's own login.
  return await tryton.auth({ hostname: host, settings, secrets: {} }) as CustomScheme
}

/** Logs Ann in. */
export async function signIn(server: Tryton, more: Readonly<Record<string, unknown>> = {}): Promise<SignedIn> {
  const settings = { country, database: server.database, ...more }
  const scheme = await schemeOf(server, settings)
  const login = { http: httpOf(server), hostname: server.host, signal }
  const credential = await scheme.login(login, { username: 'ann', password: annsPassword })
  const http = httpOf(server)
  http.interceptors.request.use(config => {
    for (const [name, value] of Object.entries(scheme.authorize(credential).headers ?? {})) config.headers.set(name, value)
    return config
  })
  return {
    scheme, credential, login,
    ctx: {
      http,
      connection: { id: '1', hostname: server.host, settings, secrets: {}, user: null },
      filledIn: async () => ({}),
      phone: {
        options: { country },
        parse: text => parsePhone(text, { country }),
        isSame: (a, b) => samePhone(a, b, { country }),
      },
      log: { debug() { /* not looked at */ }, warn() { /* not looked at */ } },
      signal,
    },
  }
}

/** Fails as a server's `ctx.http` does. */
export function httpOf({ url }: Tryton): AxiosInstance {
  const http = axios.create({ baseURL: url, proxy: false })
  const codes: Readonly<Record<number, CrmErrorCode>> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 429: 'rate_limited' }
  http.interceptors.response.use(undefined, (error: unknown) => {
    const code = axios.isAxiosError(error) ? codes[error.response?.status ?? 0] : undefined
    throw code === undefined ? error : new CrmError(code)
  })
  return http
}
