import * as z from 'zod'
import { currentCall } from '../scope.js'

const adminConfig = z.looseObject({
  userSettings: z.record(z.string(), z.unknown()).default({}),
  userMappings: z.array(z.looseObject({ crmUserId: z.union([z.string(), z.number()]), rcExtensionId: z.union([z.array(z.string()), z.string()]) })).default([]),
})

/** The installation's setting that holds it, as JSON text. */
export const adminConfigSetting = 'appConnectAdmin'

/** The account's settings as the admin of the installation wrote them; empty when there are none. Throws when they are no JSON of that form. */
export function adminConfigOf(settings: Readonly<Record<string, unknown>>): z.infer<typeof adminConfig> {
  const text = settings[adminConfigSetting]
  return adminConfig.parse(typeof text === 'string' && text !== '' ? JSON.parse(text) : {})
}

/** Connectors look into each entry unasked, so those to nobody are left out. */
const wireSettings = z.looseObject({
  userSettings: z.record(z.string(), z.unknown()).catch({}).default({}),
  userMappings: z.array(z.looseObject({ crmUserId: z.union([z.string(), z.number()]), rcExtensionId: z.unknown() })).catch([]).default([]),
}).transform(({ userSettings, userMappings }) => ({
  userSettings,
  userMappings: userMappings.flatMap(({ crmUserId, rcExtensionId: id }) => id == null ? [] : [{ crmUserId, rcExtensionId: Array.isArray(id) ? id.map(String) : String(id) }]),
}))

/** `models/adminConfigModel`: the settings of the account that the call is of, whichever id is asked for. They are the administrator's to change. */
export const adminConfigModel = {
  AdminConfigModel: {
    async findByPk(id: unknown) {
      const call = currentCall()
      const kept = adminConfigOf(call.ctx.connection.settings)
      const { assignee } = call
      // What an administrator says over the wire comes before what the installation says.
      const said = wireSettings.parse(await call.readAdminSettings() ?? {})
      return {
        id, adminAccessToken: undefined, adminRefreshToken: undefined, ...kept, save: refuse, update: refuse, destroy: refuse,
        userSettings: { ...kept.userSettings, ...said.userSettings },
        userMappings: [...assignee ? [assignee] : [], ...said.userMappings, ...kept.userMappings],
      }
    },
    findOne({ where }: { readonly where?: { readonly id?: unknown } } = {}) {
      return adminConfigModel.AdminConfigModel.findByPk(where?.id)
    },
    create: refuse,
  },
}

async function refuse(): Promise<never> {
  throw new Error(`settings of the account are the installation's (${adminConfigSetting}): an administrator changes them`)
}
