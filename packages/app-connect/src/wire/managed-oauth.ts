import { z } from 'zod'
import type { OAuth2Scheme } from '@linefinder/core'
import type { OAuthClient } from '@linefinder/core/http'
import type { ChosenInstallation, SurfaceServices } from '@linefinder/server'
import type { Platform } from './platforms.js'
import { WireRefusal } from './refusal.js'
import type { Wire } from './wire.js'

const text = z.string().trim().max(4000).nullish().transform(value => value === '' ? undefined : value ?? undefined)

/** The members that App Connect knows of an OAuth client. */
const values = z.strictObject({
  clientId: text, clientSecret: text, accessTokenUri: text, authorizationUri: text, redirectUri: text, scopes: z.union([text, z.array(z.string()).transform(list => list.join(' '))]), hostname: text,
})
export const managedOAuthBody = z.object({ values: values.prefault({}) })

const kept = values.omit({ clientSecret: true }).extend({ clientId: z.string() })
/** Without the secret. */
type Kept = z.infer<typeof kept>

interface Parts {
  readonly services: Pick<SurfaceServices, 'settings'>
}

const pendingScope = 'app-connect:oauth-pending'
const pendingSeconds = 24 * 3600
const settledScope = 'app-connect:oauth-client'

const pendingKey = (accountHash: string) => ({ scope: pendingScope, owner: '', name: accountHash })
const settledKey = (installationId: string) => ({ scope: settledScope, owner: '', name: installationId })

/** A client that an administrator has entered, and nobody has signed in by yet. */
export interface PendingClient {
  readonly accountHash: string
  readonly values: Kept
  readonly client: OAuthClient
}

/** For a day. One that is there is replaced. */
export async function keepPending({ services }: Wire, tenantId: string, accountHash: string, { clientSecret, ...given }: z.infer<typeof values>): Promise<void> {
  const checked = kept.safeParse(given)
  if (!checked.success) throw new WireRefusal(400, { error: 'values.clientId: is missing' })
  await services.settings.put(tenantId, pendingKey(accountHash), checked.data, clientSecret ?? null)
}

export async function dropPending({ services }: Wire, tenantId: string, accountHash: string): Promise<void> {
  await services.settings.delete(tenantId, pendingKey(accountHash))
}

export async function readPending({ services }: Parts, tenantId: string, accountHash: string): Promise<PendingClient | null> {
  await services.settings.forgetOlder(tenantId, pendingScope, pendingSeconds)
  const found = await services.settings.get(tenantId, pendingKey(accountHash))
  if (!found) return null
  const pending = kept.parse(found.value)
  return { accountHash, values: pending, client: { id: pending.clientId, secret: found.secret } }
}

/** By the client id that a browser was sent with. */
export async function findPending(wire: Parts, tenantId: string, clientId: string): Promise<PendingClient | null> {
  const all = await wire.services.settings.list(tenantId, pendingScope, '')
  const found = all.find(({ value }) => kept.safeParse(value).data?.clientId === clientId)
  return found ? readPending(wire, tenantId, found.name) : null
}

/**
 * The adapter knows where its CRM gives out tokens and what may be asked for; an administrator's form decides nothing of it, so that no secret and no
 * code goes elsewhere. Throws a refusal that names what differs.
 */
export function checkAgrees({ values: given }: PendingClient, scheme: OAuth2Scheme, hostname: string, urlOf: (template: string) => string): void {
  const known = { accessTokenUri: urlOf(scheme.tokenUrl), authorizationUri: urlOf(scheme.authorizeUrl), hostname, scopes: [...scheme.scopes].sort().join(' ') }
  const asked = { ...given, scopes: given.scopes?.replace(/^scope=/, '').split(/[\s,]+|%20/).sort().join(' ') }
  for (const name of ['accessTokenUri', 'authorizationUri', 'hostname', 'scopes'] as const) {
    if (asked[name] !== undefined && asked[name] !== known[name]) throw new WireRefusal(400, `${name} of the OAuth client: is ${known[name]} here`)
  }
}

/** Somebody has signed in by it: from now on it is the installation's, unless that got another one in the meantime. */
export async function settle({ services }: Wire, { tenantId, id }: ChosenInstallation['installation'], { accountHash, client }: PendingClient): Promise<void> {
  if (await services.installations.replaceOAuthClient(tenantId, id, null, client)) {
    await services.settings.put(tenantId, settledKey(id), { accountHash, clientId: client.id })
    await services.audit.noteOf(tenantId, actorOf(accountHash), 'app_connect.oauth_client_set', `installation:${id}`, { clientId: client.id })
  }
  await services.settings.delete(tenantId, pendingKey(accountHash))
}

/** Takes the installation's client away. Throws a refusal for one that this account has not set: it is the operator's. */
export async function unsettle({ services }: Wire, tenantId: string, { installationId }: Platform, accountHash: string): Promise<void> {
  const { oauthClientId } = await services.installations.get(tenantId, installationId)
  if (oauthClientId === null) return
  const settled = z.object({ accountHash: z.string(), clientId: z.string() }).safeParse((await services.settings.get(tenantId, settledKey(installationId)))?.value).data
  const isTheirs = settled?.accountHash === accountHash && settled.clientId === oauthClientId
  if (!isTheirs || !await services.installations.replaceOAuthClient(tenantId, installationId, oauthClientId, null)) {
    throw new WireRefusal(400, { error: 'The OAuth client was set in Linefinder’s administration: change it there.' })
  }
  await services.settings.delete(tenantId, settledKey(installationId))
  await services.audit.noteOf(tenantId, actorOf(accountHash), 'app_connect.oauth_client_removed', `installation:${installationId}`, { clientId: oauthClientId })
}

const actorOf = (accountHash: string): string => `ringcentral-account:${accountHash.slice(0, 16)}`
