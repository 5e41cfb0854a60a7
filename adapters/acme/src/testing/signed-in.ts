import { createHash } from 'node:crypto'
import axios, { type AxiosInstance } from 'axios'
import { CrmError, type AdapterContext } from '@linefinder/core'
import { parsePhone, samePhone } from '@linefinder/core/phone'
import { startAcme } from '@linefinder/example-acme-crm'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'

export interface SignedIn {
  /** What a server would give the adapter: Ann's access, in the Netherlands. */
  readonly ctx: AdapterContext
  /** Acme's API as Ann, to look behind the adapter's back. */
  readonly api: AxiosInstance
  /** Acme's switches and bulk load. */
  readonly control: AxiosInstance
  stop(): Promise<void>
}

const redirectUri = 'http://127.0.0.1/callback'
const country = 'NL'

/** A new Acme in memory, its first person Jan de Vries. */
export async function signInToNewAcme(seedPeople: number): Promise<SignedIn> {
  const acme = await startAcme({ seedPeople, oauthClients: [{ clientId: 'adapter-test', redirectUris: [redirectUri] }] })
  const api = axios.create({ baseURL: `${acme.url}/api/v1`, headers: { Authorization: `Bearer ${await accessTokenOf(acme.url)}` } })
  return {
    api,
    control: axios.create({ baseURL: `${acme.url}/_control` }),
    ctx: {
      http: failingLikeAServer(axios.create(api.defaults)),
      connection: { id: '1', hostname: new URL(acme.url).host, settings: { country }, secrets: {}, user: null },
      filledIn: async () => ({}),
      phone: {
        options: { country },
        parse: text => parsePhone(text, { country }),
        isSame: (a, b) => samePhone(a, b, { country }),
      },
      log: { debug() { /* not looked at */ }, warn() { /* not looked at */ } },
      signal: new AbortController().signal,
    },
    stop: () => acme.stop(),
  }
}

async function accessTokenOf(acmeUrl: string): Promise<string> {
  const verifier = 'a-verifier-that-is-long-enough-for-rfc-7636'
  const params = new URLSearchParams({
    response_type: 'code', client_id: 'adapter-test', redirect_uri: redirectUri, scope: 'crm.read crm.write', state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `${acmeUrl}/oauth/auth?${params.toString()}`, redirectUri })
  const answer = await axios.post<{ access_token: string }>(`${acmeUrl}/oauth/token`, new URLSearchParams({
    grant_type: 'authorization_code', client_id: 'adapter-test', redirect_uri: redirectUri,
    code: back.searchParams.get('code') ?? '', code_verifier: verifier,
  }))
  return answer.data.access_token
}

/** The failures of a server's `ctx.http` that these tests meet. */
function failingLikeAServer(http: AxiosInstance): AxiosInstance {
  const codes = { 404: 'not_found', 412: 'conflict' } as const
  http.interceptors.response.use(undefined, (error: unknown) => {
    const status = axios.isAxiosError(error) ? error.response?.status : undefined
    throw status === 404 || status === 412 ? new CrmError(codes[status]) : error
  })
  return http
}
