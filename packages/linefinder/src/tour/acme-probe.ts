import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { createVerifier } from '@linefinder/client'

/** An app of Acme's own, which has nothing to do with Linefinder: it shows what Acme holds. */
export const probeClient = { clientId: 'acme-mobile', redirectUris: ['http://127.0.0.1/acme-mobile'] }
const [redirectUri = ''] = probeClient.redirectUris

/** The calls on a person's record, as Ben reads them through Acme's API. */
export async function readActivitiesInAcme(acmeUrl: string, personId: string): Promise<{ body?: string }[]> {
  const accessToken = await logInToAcme(acmeUrl)
  const response = await fetch(`${acmeUrl}/api/v1/activities?person_id=${personId}`, { headers: { Authorization: `Bearer ${accessToken}` } })
  // Acme's own format: a page of activities.
  return (await response.json() as { items: { body?: string }[] }).items
}

async function logInToAcme(acmeUrl: string): Promise<string> {
  const { codeVerifier, codeChallenge } = await createVerifier()
  const query = new URLSearchParams({
    response_type: 'code', client_id: probeClient.clientId, redirect_uri: redirectUri, scope: 'crm.read', state: 'probe',
    code_challenge: codeChallenge, code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `${acmeUrl}/oauth/auth?${query.toString()}`, redirectUri, email: 'ben@acme.test' })
  const response = await fetch(`${acmeUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: probeClient.clientId, redirect_uri: redirectUri,
      code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier,
    }),
  })
  // RFC 6749 §5.1.
  return (await response.json() as { access_token: string }).access_token
}
