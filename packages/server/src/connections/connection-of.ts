import { CrmError } from '@linefinder/core'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'

/**
 * The connection that a row of ours works over. Throws `CrmError('unauthorized')` when it has ended or its installation is switched
 * off, and `CrmError('unsupported')` when this server no longer hosts its adapter.
 */
export async function connectionOf(
  { models, installations, adapters }: Pick<Dependencies, 'models' | 'installations' | 'adapters'>, { tenantId, connectionId }: { readonly tenantId: string; readonly connectionId: string },
): Promise<CrmConnection> {
  const connection = await models.connections.findOne({ where: { tenantId, id: connectionId } })
  const installation = connection && await installations.get(tenantId, connection.installationId)
  if (!connection || connection.state === 'revoked' || !installation?.enabled) throw new CrmError('unauthorized')
  await adapters.ready(tenantId)
  if (!adapters.has(tenantId, installation.adapter)) throw new CrmError('unsupported', { detail: `This server hosts no adapter "${installation.adapter}".` })
  const { id, installationId, hostname, crmUser, state, failures = 0, pausedUntil = null } = connection
  return {
    id, tenantId, installationId, hostname, crmUser, adapter: installation.adapter, settings: installation.settings, sealedSecrets: installation.secrets,
    health: { state, failures, pausedUntil },
  }
}
