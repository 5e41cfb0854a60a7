import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { createVerifier } from '@linefinder/client'

/** An app of Acme's own, beside Linefinder: what a person does there by hand. */
export const acmeMobile = { clientId: 'acme-mobile', redirectUris: ['http://127.0.0.1/acme-mobile'] }

export type AcmeApi = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>

/** Acme's API as Ben, allowed to write. */
export async function signInToAcme(acmeUrl: string): Promise<AcmeApi> {
  const [redirectUri = ''] = acmeMobile.redirectUris
  const { codeVerifier, codeChallenge } = await createVerifier()
  const query = new URLSearchParams({
    response_type: 'code', client_id: acmeMobile.clientId, redirect_uri: redirectUri, scope: 'crm.read crm.write', state: 'by hand',
    code_challenge: codeChallenge, code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `${acmeUrl}/oauth/auth?${query.toString()}`, redirectUri, email: 'ben@acme.test' })
  const granted = await fetch(`${acmeUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: acmeMobile.clientId, redirect_uri: redirectUri,
      code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier,
    }),
  })
  // RFC 6749 §5.1.
  const { access_token: token } = await granted.json() as { access_token: string }
  return async (method, path, body) => {
    const response = await fetch(`${acmeUrl}/api/v1${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`)
    return await response.json() as Record<string, unknown>
  }
}
