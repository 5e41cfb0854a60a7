import { capabilitiesOf, type AuthScheme, type CrmAdapter } from '@linefinder/core'
import type { InstallationSummary } from '@linefinder/core/api'
import type { OAuthClient } from '@linefinder/core/http'
import type { Models } from '../database/models.js'
import { ApiError } from '../http/api-error.js'
import type { KeyRing } from '../secrets/key-ring.js'
import type { AdapterRegistry } from './adapter-registry.js'
import { checkCredentialsAllowed } from './allow-credentials.js'
import type { InstallationRow } from './models.js'

/** Where an installation's sealed client secret lives. */
export const clientSecretPlace = (installationId: string) =>
  ({ table: 'installations', column: 'oauth_client_secret', rowId: installationId })

/** An installation as an agent is about to connect to it. */
export interface ChosenInstallation {
  readonly installation: InstallationRow
  readonly adapter: CrmAdapter
  readonly scheme: AuthScheme
  readonly hostname: string
}

export class InstallationService {
  constructor(
    private readonly models: Models,
    private readonly adapters: AdapterRegistry,
    private readonly keyRing: KeyRing,
  ) {}

  /** Throws `installation_not_found`, also for another tenant's. */
  async get(tenantId: string, id: string): Promise<InstallationRow> {
    const row = await this.models.installations.findOne({ where: { tenantId, id } })
    if (!row) throw new ApiError('installation_not_found')
    return row
  }

  /** Those that agents may connect to: enabled, and of an adapter that this server hosts. */
  async listEnabled(tenantId: string): Promise<InstallationSummary[]> {
    const rows = await this.models.installations.findAll({ where: { tenantId, enabled: true }, order: [['name', 'ASC'], ['id', 'ASC']] })
    return Promise.all(rows.filter(({ adapter }) => this.adapters.has(adapter)).map(row => this.#summary(row)))
  }

  /**
   * The installation with the host that the agent is led to: the one the admin fixed, or one of those the admin allowed.
   * Throws `installation_not_found`, `installation_disabled`, `host_not_allowed` or `CrmError('credentials_withheld')`.
   */
  async choose(tenantId: string, id: string, wantedHost: string | undefined): Promise<ChosenInstallation> {
    const installation = await this.get(tenantId, id)
    if (!installation.enabled) throw new ApiError('installation_disabled')
    const adapter = this.adapters.get(installation.adapter)
    checkCredentialsAllowed(adapter, installation.settings)
    const hostname = chooseHost(hostsOf(installation, adapter), wantedHost)
    const scheme = await this.adapters.schemeOf(adapter, { hostname, settings: installation.settings })
    return { installation, adapter, scheme, hostname }
  }

  /** The client that the admin registered with the CRM, its secret in clear. Never log it. */
  async getOAuthClient(tenantId: string, id: string): Promise<OAuthClient> {
    const { oauthClientId, oauthClientSecret } = await this.get(tenantId, id)
    if (oauthClientId === null) throw new ApiError('wrong_auth_form', { detail: 'The installation has no OAuth client id yet.' })
    return {
      id: oauthClientId,
      secret: oauthClientSecret === null ? null : this.keyRing.open(oauthClientSecret, clientSecretPlace(id)),
    }
  }

  async #summary(row: InstallationRow): Promise<InstallationSummary> {
    const adapter = this.adapters.get(row.adapter)
    const [hostname = ''] = hostsOf(row, adapter)
    return {
      id: row.id,
      adapter: row.adapter,
      name: row.name,
      auth: await this.adapters.formOf(adapter, { hostname, settings: row.settings }),
      capabilities: capabilitiesOf(adapter),
      host: row.host,
      allowedHosts: row.allowedHosts,
    }
  }
}

/** The hosts that an admin let agents in by. An adapter's own host counts only where the admin named none. */
export function hostsOf(installation: Pick<InstallationRow, 'host' | 'allowedHosts'>, adapter: CrmAdapter): string[] {
  const named = [...(installation.host === null ? [] : [installation.host]), ...installation.allowedHosts]
  return named.length > 0 || adapter.defaultHostname === undefined ? named : [adapter.defaultHostname]
}

function chooseHost(hosts: readonly string[], wanted: string | undefined): string {
  const [only, ...others] = hosts
  if (only === undefined) throw new ApiError('host_not_allowed', { detail: 'The installation names no host.' })
  if (wanted === undefined) {
    if (others.length > 0) throw new ApiError('host_not_allowed', { detail: 'The installation has several hosts: choose one.' })
    return only
  }
  if (!hosts.includes(wanted.toLowerCase())) throw new ApiError('host_not_allowed')
  return wanted.toLowerCase()
}
