import * as z from 'zod'
import { currentCall } from '../scope.js'

const adminConfig = z.looseObject({
  userSettings: z.record(z.string(), z.unknown()).default({}),
  userMappings: z.array(z.looseObject({ crmUserId: z.union([z.string(), z.number()]), rcExtensionId: z.union([z.array(z.string()), z.string()]) })).default([]),
})

/** The installation's setting that holds it, as JSON text. */
export const adminConfigSetting = 'appConnectAdmin'

/** The account's settings as the admin of the installation wrote them; `null` when there are none. Throws when they are no JSON of that form. */
export function adminConfigOf(settings: Readonly<Record<string, unknown>>): z.infer<typeof adminConfig> | null {
  const text = settings[adminConfigSetting]
  return typeof text === 'string' && text !== '' ? adminConfig.parse(JSON.parse(text)) : null
}

/** `models/adminConfigModel`: the settings of the account that the call is of, whichever id is asked for. They are the administrator's to change. */
export const adminConfigModel = {
  AdminConfigModel: {
    async findByPk(id: unknown) {
      const { ctx, assignee } = currentCall()
      const kept = adminConfigOf(ctx.connection.settings)
      const config = assignee ? { userSettings: {}, ...kept, userMappings: [assignee, ...kept?.userMappings ?? []] } : kept
      return config && { id, adminAccessToken: undefined, adminRefreshToken: undefined, ...config, save: refuse, update: refuse, destroy: refuse }
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
