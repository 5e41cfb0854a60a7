import { z } from 'zod'
import { jsonValue } from '@linefinder/core'
import { ApiError, type SessionCaller } from '@linefinder/server'
import type { ConnectorAdapter, JsonObject } from '../extras.js'
import { rcId } from './rc-text.js'
import type { Wire } from './wire.js'

export const scope = 'app-connect'

const object = z.record(z.string().max(200), jsonValue)

/** One of the client's settings: `value`, and what an administrator says of it. */
export const userSettings = object.refine(values => Object.keys(values).length <= 500, 'has more than 500 settings')

/** What an administrator may keep. Whatever else the client sends along, tokens before all, is left out. */
export const adminSettings = z.object({
  userSettings: userSettings.default({}),
  userMappings: z.array(z.object({ crmUserId: rcId, rcExtensionId: z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]).nullish() })).max(20_000).optional(),
  customAdapter: z.object({ url: z.string().max(2000) }).nullish().catch(undefined),
})
export type AdminSettings = z.infer<typeof adminSettings>

/** Of a CRM account: another platform or tenant never sees it, whichever RingCentral account it names. */
export const accountKey = ({ connection }: SessionCaller, name: string) => ({ scope, owner: `account:${connection.crmAccountId}`, name })

export const userKey = ({ connection }: SessionCaller, name: string) => ({ scope, owner: `connection:${connection.id}`, name })

export async function readAdminSettings({ services }: Wire, caller: SessionCaller): Promise<AdminSettings> {
  const kept = await services.settings.get(caller.tenantId, accountKey(caller, 'admin-settings'))
  return adminSettings.catch({ userSettings: {} }).parse(kept?.value ?? {})
}

/** Connectors ask for them by themselves, also when a log is delivered that came another way. */
export function giveAdminSettingsTo({ appConnect }: ConnectorAdapter, { services, platforms }: Wire): void {
  appConnect.readAdminSettingsBy(async connectionId => {
    const tenantId = await platforms.tenantId()
    // A surface knows the connections of its own tenant.
    const connection = await services.connections.get(tenantId, connectionId).catch(nullWhereUnknown)
    const kept = connection && await services.settings.get(tenantId, { scope, owner: `account:${connection.crmAccountId}`, name: 'admin-settings' })
    return kept ? object.catch({}).parse(kept.value) : null
  })
}

function nullWhereUnknown(error: unknown): null {
  if (error instanceof ApiError && error.code === 'not_found') return null
  throw error
}

export async function readUserSettings({ services }: Wire, caller: SessionCaller): Promise<JsonObject> {
  const kept = await services.settings.get(caller.tenantId, userKey(caller, 'user-settings'))
  return userSettings.catch({}).parse(kept?.value ?? {})
}

/** What counts for the user: the administrator's value where it cannot be changed, else the user's own, else the administrator's. */
export function mergedSettings(byAdmin: JsonObject, own: JsonObject): JsonObject {
  const enforced = Object.entries(byAdmin).filter(([, setting]) => isEnforced(setting))
  const suggested = Object.entries(byAdmin).filter(([name, setting]) => !isEnforced(setting) && own[name] === undefined)
  const chosen = Object.entries(own).map(([name, setting]) => [name, asCustomizable(setting, byAdmin[name])] as const)
  return { ...Object.fromEntries(chosen), ...Object.fromEntries(suggested), ...Object.fromEntries(enforced) }
}

/** Said by the administrator, so it is none of the user's own. */
export const isEnforced = (setting: unknown): boolean => isObject(setting) && setting['customizable'] === false

/** What was enforced once and is no more may be changed again. */
const asCustomizable = (setting: JsonObject[string] | undefined, byAdmin: unknown): JsonObject[string] =>
  isObject(setting) && (isObject(byAdmin) || setting['customizable'] === false) ? { ...setting, customizable: true } : setting ?? null

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
