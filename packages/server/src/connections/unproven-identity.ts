import { ApiError } from '../http/api-error.js'
import type { ChosenInstallation } from '../installations/installation-service.js'
import type { ConnectionKind } from './models.js'

/**
 * Throws `identity_unproven` where an agent would connect by credentials that do not tell who it is: whoever knows the installation could then be
 * anybody. A shared connection is the admin's, who proves to be one by the API key.
 */
export function refuseUnproven({ scheme: { identity = 'proven' }, installation: { settings } }: ChosenInstallation, kind: ConnectionKind): void {
  if (kind === 'shared' || identity === 'proven') return
  if (identity === 'none' || settings['agentsNameThemselves'] !== true) throw new ApiError('identity_unproven')
}
