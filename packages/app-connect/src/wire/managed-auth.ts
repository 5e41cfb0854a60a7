import type { Platform } from './platforms.js'
import { WireRefusal } from './refusal.js'
import type { Wire, WireRequest } from './wire.js'

type Values = Readonly<Record<string, string>>

const scope = 'app-connect:managed'
const accountOwner = (accountHash: string) => `rc-account:${accountHash}`

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

async function readValues({ services }: Wire, tenantId: string, owner: string, name: string): Promise<Values> {
  const kept = await services.settings.get(tenantId, { scope, owner, name })
  // Only this file writes it.
  return kept?.secret == null ? {} : JSON.parse(kept.secret) as Values
}
