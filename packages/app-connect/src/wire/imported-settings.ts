import { accountKey, adminSettings, readAdminSettings, scope } from './kept-settings.js'
import { storeMappings } from './rc-user-mapping.js'
import type { Wire, WireRequest } from './wire.js'

/** What an import brought of App Connect's own server, under the hash that it goes by there. */
const importedKey = (rcAccountHash: string) => ({ scope, owner: `rc-account:${rcAccountHash}`, name: 'imported-admin-settings' })

const waitingMappings = 'imported-user-mappings'

/**
 * Makes what an import brought the CRM account's, unless something is set there. App Connect does not say which account of the CRM it is for;
 * an administrator of both, of whom RingCentral says so, does.
 */
export async function adoptImported({ services }: Wire, { caller, admin: { rcAccountHash, actor } }: WireRequest<'admin'>): Promise<void> {
  const { tenantId, connection: { crmAccountId } } = caller
  const { settings, audit } = services
  if (rcAccountHash === null || await settings.get(tenantId, accountKey(caller, 'admin-settings'))) return
  const imported = await settings.get(tenantId, importedKey(rcAccountHash))
  const read = adminSettings.safeParse(imported?.value)
  if (!read.success) return
  await settings.put(tenantId, accountKey(caller, 'rc-account'), rcAccountHash)
  await settings.put(tenantId, accountKey(caller, 'admin-settings'), read.data)
  if (read.data.userMappings) await settings.put(tenantId, accountKey(caller, waitingMappings), true)
  await audit.note(caller, 'app_connect.admin_settings_imported', `crm_account:${crmAccountId}`, { by: actor })
}

/** Those mappings name people by RingCentral's ids, so they wait until the administrator's client tells their extensions. */
export async function mapImported(wire: Wire, asked: WireRequest<'admin'>): Promise<void> {
  const { caller } = asked
  if (!await wire.services.settings.take(caller.tenantId, accountKey(caller, waitingMappings))) return
  const { userMappings } = await readAdminSettings(wire, caller)
  if (userMappings) await storeMappings(wire, asked, userMappings)
}

/** The administrator has said something else meanwhile. */
export const forgetWaitingMappings = ({ services }: Wire, { caller }: WireRequest<'admin'>): Promise<void> =>
  services.settings.delete(caller.tenantId, accountKey(caller, waitingMappings))
