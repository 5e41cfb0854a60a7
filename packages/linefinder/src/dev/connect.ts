import { authorizeUrl, createClient, createVerifier, type LinefinderClient } from '@linefinder/client'
import type { CrmUnderTest } from '@linefinder/conformance'
import type { CrmAdapter } from '@linefinder/core'
import { api, codePageRedirect } from '@linefinder/core/api'
import { createBrowser } from '@linefinder/example-acme-crm/scripted-browser'
import { CommandError } from '../command-error.js'

export interface Connecting {
  readonly url: string
  readonly admin: LinefinderClient
  readonly adapter: CrmAdapter
  /** Where the CRM is reached. */
  readonly host: string
  readonly crm: CrmUnderTest
  readonly clientId: string
}

const redirectUri = 'http://127.0.0.1/connected'

/** Sets the installation up and connects the CRM's first user, as an admin and an agent would. Gives the session's token. */
export async function connect({ url, admin, adapter, host, crm, clientId }: Connecting): Promise<string> {
  await admin.admin.clientApps.update({ params: { id: clientId }, body: { redirectUris: [codePageRedirect, redirectUri] } })
  const settings = crm.settings ?? { country: 'NL' }
  const { id: installation } = await admin.admin.installations.create({
    body: api.admin.installations.create.body.parse({
      adapter: adapter.id, name: adapter.name, host, settings,
      ...(crm.oauthClient ? { oauthClientId: crm.oauthClient.id, ...(crm.oauthClient.secret === null ? {} : { oauthClientSecret: crm.oauthClient.secret }) } : {}),
    }),
  })
  const { connecting } = createClient({ baseUrl: url })
  const { type } = typeof adapter.auth === 'function' ? await adapter.auth({ hostname: host, settings, secrets: crm.secrets ?? {} }) : adapter.auth
  if (type !== 'oauth2') {
    const connected = await crm.user.connect()
    if (!('fields' in connected)) throw new CommandError('The adapter connects by fields, and crmUnderTest gives tokens.')
    return (await connecting.createConnection({ body: { client_id: clientId, installation, fields: { ...connected.fields } } })).token
  }
  const { codeVerifier, codeChallenge } = await createVerifier()
  const address = authorizeUrl(url, { client_id: clientId, installation, redirect_uri: redirectUri, code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'dev' })
  const visit = await createBrowser().open(address, redirectUri)
  const code = visit.url.startsWith(redirectUri) ? new URL(visit.url).searchParams.get('code') : null
  if (code === null) throw new CommandError(`The CRM wants a person to allow it, which a script cannot do. It ended at ${visit.url.split('?')[0] ?? ''} with ${String(visit.status)}.`)
  return (await connecting.createSession({ body: { client_id: clientId, redirect_uri: redirectUri, code, code_verifier: codeVerifier } })).token
}
