import { z } from 'zod'
import { CrmError } from '@linefinder/core'
import { ApiError } from '@linefinder/server'
import { isConnectorAdapter, type JsonObject } from '../extras.js'
import { refuseAsError, toJson } from './failures.js'
import { isEnforced, mergedSettings, readAdminSettings, readUserSettings, scope, userKey, userSettings } from './kept-settings.js'
import { parsed } from './login-routes.js'
import { wireRoute } from './route.js'
import { sayDone } from './say.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

const settingsBody = z.object({ userSettings, settingKeysToRemove: z.array(z.string()).max(500).nullish() })

/** The client puts what it is answered in the place of what it has: so a failure is none of the answers that it reads. */
export const userSettingsRoutes: WireRoute[] = [
  wireRoute('get', '/user/settings', 'session', async (wire, asked) => {
    const [{ userSettings: byAdmin }, own, found] = await Promise.all([readAdminSettings(wire, asked.caller), readUserSettings(wire, asked.caller), readConnectorsSettings(wire, asked)])
    const merged = mergedSettings(byAdmin, own)
    return { ...merged, ...offeredBy(found, merged) }
  }, { refuse: refuseAsError }),

  // The client writes back what it read, the administrator's values too; those do not become the user's own.
  wireRoute('post', '/user/settings', 'session', async (wire, asked) => {
    const body = parsed(settingsBody, asked.body)
    const { caller } = asked
    const [{ userSettings: byAdmin }, before] = await Promise.all([readAdminSettings(wire, caller), readUserSettings(wire, caller)])
    const removed = new Set(body.settingKeysToRemove ?? [])
    const sent = Object.entries(body.userSettings).filter(([name]) => !isEnforced(byAdmin[name]))
    const own: JsonObject = Object.fromEntries([...Object.entries(before), ...sent].filter(([name]) => !removed.has(name)))
    const said = await askConnector(wire, asked, body.userSettings, mergedSettings(byAdmin, own))
    if (!said.successful) return { successful: false, userSettings: mergedSettings(byAdmin, before), ...said.message }
    await wire.services.settings.put(caller.tenantId, userKey(caller, 'user-settings'), own)
    return { userSettings: mergedSettings(byAdmin, own), ...said.message }
  }, { refuse: refuseAsError }),

  // MISMATCH: the server of App Connect wraps the settings, its client reads them unwrapped. Without a token there is nothing in them but where the
  // account's manifest is, which everybody who installs the client is told anyway.
  wireRoute('get', '/user/preloadSettings', 'public', async (wire, { query }) => {
    const account = query.get('rcAccountId') ?? ''
    const kept = /^[0-9a-f]{64}$/.test(account) ? await wire.services.settings.get(await wire.platforms.tenantId(), { scope, owner: `rc-account:${account}`, name: 'manifest-url' }) : null
    const harmless: JsonObject = typeof kept?.value === 'string' ? { customCrmManifestUrl: { url: kept.value, value: kept.value } } : {}
    return { ...harmless, userSettings: harmless }
  }, { refuse: refuseAsError }),

  wireRoute('post', '/user/refreshInfo', 'session', async ({ services, ...wire }, asked) => {
    const adapter = adapterOf({ services, ...wire }, asked.caller)
    if (!isConnectorAdapter(adapter) || !adapter.appConnect.refreshUserInfo) return { successful: true, ...sayDone('User information is up to date.') }
    const said = await services.gateway.call(asked.caller.connection, asked.options, saidOnly, async (crm, ctx) => isConnectorAdapter(crm) ? await crm.appConnect.refreshUserInfo?.(ctx) ?? {} : {})
    return { successful: true, ...toJson(said) }
  }),
]

const saidOnly = z.object({ returnMessage: z.custom<NonNullable<Parameters<typeof toJson>[0]['returnMessage']>>().optional() })
const agreed = saidOnly.extend({ successful: z.boolean() })

/** A connector keeps settings with its user too: the choices that it offers for one. Without it the user's own are there all the same. */
async function readConnectorsSettings({ services, ...wire }: Wire, { caller, options }: WireRequest<'session'>): Promise<JsonObject> {
  if (!isConnectorAdapter(adapterOf({ services, ...wire }, caller))) return {}
  try {
    return await services.gateway.call(caller.connection, options, userSettings, async (crm, ctx) => isConnectorAdapter(crm) ? (await crm.appConnect.userFacts(ctx)).userSettings ?? {} : {})
  } catch (error) {
    if (error instanceof CrmError || error instanceof ApiError) return {}
    throw error
  }
}

/** Of what the connector has the choices that it offers; the rest came from here. */
const offeredBy = (found: JsonObject, merged: JsonObject): JsonObject => Object.fromEntries(Object.entries(found).flatMap(([name, setting]) => {
  const known = merged[name]
  if (!isObject(setting) || setting['options'] === undefined || isEnforced(setting)) return []
  if (known === undefined) return [[name, setting]]
  return isObject(known) ? [[name, { ...known, options: setting['options'] }]] : []
}))

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A connector may have a say in its users' settings, and finds them with its user. */
async function askConnector({ services, ...wire }: Wire, { caller, options }: WireRequest<'session'>, sent: JsonObject, updatedSettings: JsonObject): Promise<{ successful: boolean; message: JsonObject }> {
  if (!isConnectorAdapter(adapterOf({ services, ...wire }, caller))) return { successful: true, message: {} }
  const { successful, ...said } = await services.gateway.call(caller.connection, options, agreed, async (crm, ctx) =>
    isConnectorAdapter(crm) ? crm.appConnect.updateUserSettings(ctx, { userSettings: sent, updatedSettings }) : { successful: true })
  return { successful, message: toJson(said) }
}
