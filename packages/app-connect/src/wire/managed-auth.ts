import type { Platform } from './platforms.js'
import { WireRefusal } from './refusal.js'
import type { Wire, WireRequest } from './wire.js'

type Values = Readonly<Record<string, string>>

const scope = 'app-connect:managed'
export const accountOwner = (accountHash: string) => `rc-account:${accountHash}`

/** What an administrator has filled in for everybody of their RingCentral account, or for the one whose token it is. Sealed. */
export async function managedValuesFor(wire: Wire, { request, query }: Pick<WireRequest, 'request' | 'query'>, platform: Platform): Promise<Values> {
  const user = await wire.admins.findRcUser(request, query).catch((error: unknown) => {
    // Without RingCentral's word the form is filled in by hand.
    if (error instanceof WireRefusal) return null
    throw error
  })
  if (!user) return {}
  const tenantId = await wire.platforms.tenantId()
  const [ofAccount, ofUser] = await Promise.all([
    readValues(wire, tenantId, accountOwner(user.accountHash), platform.name),
    readValues(wire, tenantId, accountOwner(user.accountHash), `${platform.name}:${user.extensionId}`),
  ])
  return { ...ofAccount, ...ofUser }
}

export async function readValues({ services }: Wire, tenantId: string, owner: string, name: string): Promise<Values> {
  const kept = await services.settings.get(tenantId, { scope, owner, name })
  // Only this file writes it.
  return kept?.secret == null ? {} : JSON.parse(kept.secret) as Values
}

/** What is given replaces what was there, what is empty is passed over, and what is to be removed goes. */
export async function changeValues({ services, ...wire }: Wire, tenantId: string, owner: string, name: string, given: Values, removed: readonly string[]): Promise<void> {
  const known = await readValues({ services, ...wire }, tenantId, owner, name)
  const filled = Object.entries({ ...known, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) })
  const values = Object.fromEntries(filled.filter(([field]) => !removed.includes(field)))
  const key = { scope, owner, name }
  if (Object.keys(values).length === 0) await services.settings.delete(tenantId, key)
  else await services.settings.put(tenantId, key, Object.keys(values), JSON.stringify(values))
}

/** The names of the fields that have a value, of everybody whose values were set. */
export async function listValues({ services }: Wire, tenantId: string, owner: string): Promise<{ readonly name: string; readonly fields: readonly string[] }[]> {
  const kept = await services.settings.list(tenantId, scope, owner)
  return kept.map(({ name, value }) => ({ name, fields: Array.isArray(value) ? value.map(String) : [] }))
}
