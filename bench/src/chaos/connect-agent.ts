import { authorizeUrl, createClient, createVerifier } from '@linefinder/client'
import { createBrowser, loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import type { ServerProcess } from '../parts/server-process.js'
import { oauthClient } from './crm-process.js'

const redirectUri = 'http://127.0.0.1/connected'

/** Sets the CRM up and signs one of its users in. Returns the session. */
export async function connectAgent({ url, adminKey }: ServerProcess, crmHost: string, maxParallelDeliveries: number): Promise<string> {
  const { admin } = createClient({ baseUrl: url, token: adminKey })
  await admin.clientApps.update({ params: { id: 'default' }, body: { redirectUris: [redirectUri] } })
  const { id: installation } = await admin.installations.create({
    body: {
      adapter: 'acme', name: 'Acme', host: crmHost, settings: { country: 'NL', maxParallelDeliveries },
      oauthClientId: oauthClient.id, oauthClientSecret: oauthClient.secret,
    },
  })
  const { codeVerifier, codeChallenge } = await createVerifier()
  const address = authorizeUrl(url, {
    client_id: 'default', installation, redirect_uri: redirectUri, code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'chaos',
  })
  const back = await loginAndDecide({ authorizeUrl: address, redirectUri, email: 'ann@acme.test', browser: createBrowser() })
  const { token } = await createClient({ baseUrl: url }).connecting.createSession({
    body: { client_id: 'default', redirect_uri: redirectUri, code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier },
  })
  return token
}
