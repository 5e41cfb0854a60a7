import type { RcUser } from './admin-access.js'
import { refuseAsError } from './failures.js'
import { parsed } from './login-routes.js'
import { dropPending, keepPending, managedOAuthBody, readPending, unsettle } from './managed-oauth.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import type { Wire, WireRequest, WireRoute } from './wire.js'

type Asked = WireRequest<'public'>

/**
 * The client of the CRM's OAuth, entered by an administrator for everybody. Nobody can be connected before there is one, so these calls have no token
 * of ours: RingCentral says who asks, and the operator has named the account whose administrators may (`admin.rcAccounts`). It belongs to the
 * installation once somebody has signed in by it.
 */
export const managedOAuthRoutes: WireRoute[] = [
  wireRoute('get', '/oauthManagedAuthState', 'public', async (wire, asked) => {
    const platform = await wire.platforms.get(asked.query.get('platform') ?? undefined)
    const user = await wire.admins.findRcUser(asked.request, asked.query)
    if (!user) throw new WireRefusal(400, 'Missing RingCentral access token')
    const tenantId = await wire.platforms.tenantId()
    const { oauthClientId, host } = await wire.services.installations.get(tenantId, platform.installationId)
    const pending = oauthClientId === null && user.isAdmin && wire.settings.admin.rcAccounts ? await readPending(wire, tenantId, user.accountHash) : null
    return {
      isAdmin: user.isAdmin, hasAccountOAuth: oauthClientId !== null, hasPendingOAuth: pending !== null,
      ...(oauthClientId === null ? {} : { oauthValues: { clientId: oauthClientId, ...(host === null ? {} : { hostname: host }) } }),
      ...(pending ? { pendingValues: pending.values } : {}),
    }
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/managedOAuth/cache', 'public', async (wire, asked) => {
    const { accountHash } = await settingUp(wire, asked)
    await keepPending(wire, await wire.platforms.tenantId(), accountHash, parsed(managedOAuthBody, asked.body).values)
    return { successful: true }
  }, { refuse: refuseAsError }),

  wireRoute('delete', '/admin/managedOAuth/cache', 'public', async (wire, asked) => {
    const { accountHash } = await settingUp(wire, asked)
    await dropPending(wire, await wire.platforms.tenantId(), accountHash)
    return { successful: true }
  }, { refuse: refuseAsError }),

  wireRoute('delete', '/admin/managedOAuth/account', 'public', async (wire, asked) => {
    const { accountHash } = await settingUp(wire, asked)
    const platform = await wire.platforms.get(asked.query.get('platform') ?? undefined)
    const tenantId = await wire.platforms.tenantId()
    await unsettle(wire, tenantId, platform, accountHash)
    await dropPending(wire, tenantId, accountHash)
    return { successful: true }
  }, { refuse: refuseAsError }),
]

/** An administrator of an account that the operator has named. Anybody can be one of some account, so no other will do. */
async function settingUp({ admins, settings }: Wire, { request, query }: Asked): Promise<RcUser> {
  const user = await admins.findRcUser(request, query)
  if (!user?.isAdmin) throw new WireRefusal(403, 'Admin validation failed')
  if (!settings.admin.rcAccounts) throw new WireRefusal(400, { error: 'The OAuth client is set in Linefinder’s administration, unless its operator names your RingCentral account in admin.rcAccounts.' })
  return user
}
