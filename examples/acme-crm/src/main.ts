#!/usr/bin/env node
import { startAcme, type AcmeOptions, type ConfiguredClient } from './index.js'

const acme = await startAcme(optionsFrom(process.env))
console.log(`Acme CRM       ${acme.url}/people
Sign in as     ann@acme.test, ben@acme.test or cho@acme.test, password acme
Connected apps ${acme.url}/settings/apps (Ann is the admin)
API            ${acme.url}/api/v1, OAuth at ${acme.url}/oauth/auth and ${acme.url}/oauth/token`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void acme.stop().then(() => process.exit(0))
  })
}

function optionsFrom(env: NodeJS.ProcessEnv): AcmeOptions {
  const { HOST, PORT, ACME_DATA_DIR, ACME_PUBLIC_URL, ACME_ACCESS_TOKEN_TTL, ACME_CONTROL_KEY } = env
  return {
    port: Number(PORT ?? 4100),
    dataDir: ACME_DATA_DIR ?? '.acme',
    oauthClients: clientsFrom(env),
    log: console.error,
    ...(HOST && { host: HOST }),
    ...(ACME_PUBLIC_URL && { publicUrl: ACME_PUBLIC_URL }),
    ...(ACME_ACCESS_TOKEN_TTL && { accessTokenTtlSeconds: Number(ACME_ACCESS_TOKEN_TTL) }),
    ...(ACME_CONTROL_KEY && { controlKey: ACME_CONTROL_KEY }),
  }
}

function clientsFrom(env: NodeJS.ProcessEnv): ConfiguredClient[] {
  const { ACME_OAUTH_CLIENT_ID, ACME_OAUTH_CLIENT_SECRET, ACME_OAUTH_REDIRECT_URIS = '' } = env
  if (!ACME_OAUTH_CLIENT_ID) return []
  return [{
    clientId: ACME_OAUTH_CLIENT_ID,
    ...(ACME_OAUTH_CLIENT_SECRET && { clientSecret: ACME_OAUTH_CLIENT_SECRET }),
    redirectUris: ACME_OAUTH_REDIRECT_URIS.split(',').map((uri) => uri.trim()).filter((uri) => uri !== ''),
  }]
}
