import { createBrowser, loginAndDecide, type Browser } from '@linefinder/example-acme-crm/scripted-browser'
import { authorizeUrl, createClient, createVerifier, type LinefinderClient } from '@linefinder/client'

export const redirectUri = 'http://127.0.0.1/connected'
export const acmeClient = { clientId: 'linefinder', clientSecret: 'the client secret of the tests' }

/** Sets Acme up for the default tenant through the admin API. Returns the installation's id. */
export async function installAcme(url: string, adminKey: string, acmeHost: string): Promise<string> {
  const { admin } = createClient({ baseUrl: url, token: adminKey })
  await admin.clientApps.update({ params: { id: 'default' }, body: { redirectUris: [redirectUri] } })
  const { id } = await admin.installations.create({
    body: {
      adapter: 'acme', name: 'Acme', host: acmeHost, settings: { country: 'NL' },
      oauthClientId: acmeClient.clientId, oauthClientSecret: acmeClient.clientSecret,
    },
  })
  return id
}

export interface Connected {
  readonly token: string
  readonly client: LinefinderClient
}

/** Signs a user in at Acme, allows, and takes the session. */
export async function connectUser(url: string, installation: string, email = 'ann@acme.test', browser: Browser = createBrowser()): Promise<Connected> {
  const { codeVerifier, codeChallenge } = await createVerifier()
  const address = authorizeUrl(url, {
    client_id: 'default', installation, redirect_uri: redirectUri, code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'a state',
  })
  const back = await loginAndDecide({ authorizeUrl: address, redirectUri, email, browser })
  const { token } = await createClient({ baseUrl: url }).connecting.createSession({
    body: { client_id: 'default', redirect_uri: redirectUri, code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier },
  })
  return { token, client: createClient({ baseUrl: url, token }) }
}

/** The admin key that the first process printed. */
export function adminKeyIn(output: string): string {
  const [, key] = /shown this once: (lfk_\S+)/.exec(output) ?? []
  if (key === undefined) throw new Error(`no admin key in:\n${output}`)
  return key
}

/** What Acme counted. */
export async function acmeStats(acmeUrl: string): Promise<{ requests: Record<string, number>; refreshes_granted: number; refreshes_refused: number; revocations: number; activities: number }> {
  return (await fetch(`${acmeUrl}/_control/stats`)).json() as never
}

export async function acmeControl(acmeUrl: string, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${acmeUrl}/_control/${path}`, {
    method, headers: { 'Content-Type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: ${String(response.status)}`)
}
