import type { AxiosLike } from '../guarded-axios.js'
import { adminConfigModel } from './admin-config-model.js'

const ringCentral = 'https://platform.ringcentral.com/restapi/v1.0/account/~/extension/~'

interface Extension {
  readonly id?: number
  readonly account?: { readonly id?: string | number }
  readonly permissions?: { readonly admin?: { readonly enabled?: boolean } }
}

/** `handlers/admin`: what connectors ask of it. What an admin changes is the installation's, and changed there. */
export const createAdminHandler = (axios: AxiosLike) => {
  const extensionOf = async (rcAccessToken: string): Promise<Extension> =>
    (await axios.get<Extension>(ringCentral, { headers: { Authorization: `Bearer ${rcAccessToken}` } })).data
  return {
    async validateAdminRole({ rcAccessToken }: { readonly rcAccessToken: string }) {
      const { permissions, account } = await extensionOf(rcAccessToken)
      return { isValid: permissions?.admin?.enabled === true, rcAccountId: account?.id }
    },
    async validateRcUserToken({ rcAccessToken }: { readonly rcAccessToken: string }) {
      const { id, account } = await extensionOf(rcAccessToken)
      return { rcAccountId: account?.id, rcExtensionId: id }
    },
    getAdminSettings: ({ hashedRcAccountId }: { readonly hashedRcAccountId: string }) => adminConfigModel.AdminConfigModel.findByPk(hashedRcAccountId),
    upsertAdminSettings: () => adminConfigModel.AdminConfigModel.create(),
  }
}
