import { z } from 'zod'
import { jsonValue } from '@linefinder/core'
import { isConnectorAdapter, type JsonObject } from '../extras.js'
import { refuseAsError, toJson, type RefuseWith } from './failures.js'
import { adoptImported, forgetWaitingMappings, mapImported } from './imported-settings.js'
import { accountKey, adminSettings, readAdminSettings, scope, type AdminSettings } from './kept-settings.js'
import { parsed } from './login-routes.js'
import { keepExtensions, mappingSuggestions, rcExtensions, reinitialiseMapping, storeMappings } from './rc-user-mapping.js'
import { wireRoute } from './route.js'
import { sayDone } from './say.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

const settingsBody = z.object({ adminSettings })
const mappingBody = z.object({ rcExtensionList: rcExtensions })
const values = z.record(z.string().max(200), jsonValue)
const loggingBody = z.object({ additionalFieldValues: values })

const refuseWithMessage: RefuseWith = said => ({ status: 400, body: { successful: false, ...toJson(said) } })

export const adminRoutes: WireRoute[] = [
  wireRoute('get', '/admin/settings', 'admin', async (wire, asked) => {
    await adoptImported(wire, asked)
    return toAnswer(await readAdminSettings(wire, asked.caller))
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/settings', 'admin', async (wire, asked) => {
    const { adminSettings: sent } = parsed(settingsBody, asked.body)
    const { caller, admin } = asked
    const { services } = wire
    await services.settings.put(caller.tenantId, accountKey(caller, 'admin-settings'), toAnswer(sent))
    await keepManifestUrl(wire, asked, sent)
    if (sent.userMappings) {
      await forgetWaitingMappings(wire, asked)
      await storeMappings(wire, asked, sent.userMappings)
    }
    await services.audit.note(caller, 'app_connect.admin_settings_changed', `crm_account:${caller.connection.crmAccountId}`, { by: admin.actor })
    return 'Admin settings updated'
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/userMapping', 'admin', async (wire, asked) => {
    const { rcExtensionList } = parsed(mappingBody, asked.body)
    await keepExtensions(wire, asked, rcExtensionList)
    await adoptImported(wire, asked)
    await mapImported(wire, asked)
    return mappingSuggestions(wire, asked, rcExtensionList)
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/reinitializeUserMapping', 'admin', async (wire, asked) => {
    const { rcExtensionList } = parsed(mappingBody, asked.body)
    await forgetWaitingMappings(wire, asked)
    return reinitialiseMapping(wire, asked, rcExtensionList)
  }, { refuse: refuseAsError }),

  wireRoute('get', '/admin/serverLoggingSettings', 'admin', async ({ services, ...wire }, { caller, options }) => {
    const adapter = adapterOf({ services, ...wire }, caller)
    if (isConnectorAdapter(adapter) && adapter.appConnect.serverLoggingSettings) {
      return services.gateway.call(caller.connection, options, values, async (crm, ctx) => isConnectorAdapter(crm) ? await crm.appConnect.serverLoggingSettings?.(ctx) ?? {} : {})
    }
    const kept = await services.settings.get(caller.tenantId, accountKey(caller, 'server-logging'))
    return kept?.secret == null ? {} : values.parse(JSON.parse(kept.secret))
  }, { refuse: refuseWithMessage }),

  wireRoute('post', '/admin/serverLoggingSettings', 'admin', async ({ services, ...wire }, asked) => {
    const { additionalFieldValues } = parsed(loggingBody, asked.body)
    const { caller, options, admin } = asked
    const adapter = adapterOf({ services, ...wire }, caller)
    if (isConnectorAdapter(adapter) && adapter.appConnect.updateServerLoggingSettings) {
      const { successful, ...said } = await services.gateway.call(caller.connection, options, agreed, async (crm, ctx) =>
        isConnectorAdapter(crm) ? await crm.appConnect.updateServerLoggingSettings?.(ctx, additionalFieldValues) ?? { successful: false } : { successful: false })
      return { successful, ...toJson(said) }
    }
    // The names of the fields in clear, their values sealed: some of them are passwords.
    await services.settings.put(caller.tenantId, accountKey(caller, 'server-logging'), Object.keys(additionalFieldValues), JSON.stringify(additionalFieldValues))
    await services.audit.note(caller, 'app_connect.server_logging_changed', `crm_account:${caller.connection.crmAccountId}`, { by: admin.actor })
    return { successful: true, ...sayDone('Settings saved.') }
  }, { refuse: refuseWithMessage }),
]

const agreed = z.object({ successful: z.boolean(), returnMessage: z.custom<NonNullable<Parameters<typeof toJson>[0]['returnMessage']>>().optional() })

/** The members that the client knows, and no other. */
const toAnswer = ({ userSettings, userMappings, customAdapter }: AdminSettings): JsonObject => ({
  customConnector: null, userSettings,
  ...(userMappings === undefined ? {} : { userMappings: userMappings.map(({ crmUserId, rcExtensionId = null }) => ({ crmUserId, rcExtensionId })) }),
  ...(customAdapter == null ? {} : { customAdapter: { url: customAdapter.url } }),
})

/** Where the account's manifest is, for clients that have no token yet. */
async function keepManifestUrl({ services }: Wire, { caller, admin }: WireRequest<'admin'>, { userSettings }: AdminSettings): Promise<void> {
  if (admin.rcAccountHash === null) return
  const key = { scope, owner: `rc-account:${admin.rcAccountHash}`, name: 'manifest-url' }
  const told = z.object({ url: z.url({ protocol: /^https?$/ }).max(2000) }).safeParse(userSettings['customCrmManifestUrl'])
  if (told.success) await services.settings.put(caller.tenantId, key, told.data.url)
  else await services.settings.delete(caller.tenantId, key)
}
