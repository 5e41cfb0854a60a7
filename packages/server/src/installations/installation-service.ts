import { capabilitiesOf, type AuthScheme, type CrmAdapter, type InstallationWithSecrets, type OAuth2Scheme } from '@linefinder/core'
import type { InstallationSummary } from '@linefinder/core/api'
import type { OAuthClient } from '@linefinder/core/http'
import type { Models } from '../database/models.js'
import { ApiError } from '../http/api-error.js'
import type { KeyRing } from '../secrets/key-ring.js'
import type { AdapterRegistry } from './adapter-registry.js'
import { checkCredentialsAllowed } from './allow-credentials.js'
import type { InstallationSecrets } from './installation-secrets.js'
import type { InstallationRow } from './models.js'
import { missingOf, propertiesOf } from './properties.js'

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

export interface DescribedProperties {
  properties: Record<string, string>
  secretsSet: string[]
  missingProperties: string[]
}

export class InstallationService {
  constructor(
    private readonly models: Models,
    private readonly adapters: AdapterRegistry,
    private readonly keyRing: KeyRing,
    private readonly secrets: InstallationSecrets,
  ) {}

  /** Throws `installation_not_found`, also for another tenant's. */
  async get(tenantId: string, id: string): Promise<InstallationRow> {
    const row = await this.models.installations.findOne({ where: { tenantId, id } })
    if (!row) throw new ApiError('installation_not_found')
    return row
  }

  /** Those that agents may connect to: enabled, with all that their adapter needs, and of an adapter that this server hosts. */
  async listEnabled(tenantId: string): Promise<InstallationSummary[]> {
    const rows = await this.models.installations.findAll({ where: { tenantId, enabled: true }, order: [['name', 'ASC'], ['id', 'ASC']] })
    await this.adapters.ready(tenantId)
    const open = rows.flatMap(row => {
      if (!this.adapters.has(tenantId, row.adapter)) return []
      const adapter = this.adapters.get(tenantId, row.adapter)
      return missingIn(row, adapter, this.#opened(row, adapter)).length === 0 ? { row, adapter } : []
    })
    return Promise.all(open.map(({ row, adapter }) => this.#summary(row, adapter)))
  }

  /**
   * The installation with the host that the agent is led to: the one the admin fixed, or one of those the admin allowed.
   * Throws `installation_not_found`, `installation_disabled`, `host_not_allowed`, `properties_missing` or `CrmError('credentials_withheld')`. Never
   * within a transaction.
   */
  async choose(tenantId: string, id: string, wantedHost: string | undefined): Promise<ChosenInstallation> {
    const installation = await this.get(tenantId, id)
    if (!installation.enabled) throw new ApiError('installation_disabled')
    await this.adapters.ready(tenantId)
    const adapter = this.adapters.get(tenantId, installation.adapter)
    checkCredentialsAllowed(adapter, installation.settings)
    const hostname = chooseHost(hostsOf(installation, adapter), wantedHost)
    const missing = missingIn(installation, adapter, this.#opened(installation, adapter))
    if (missing.length > 0) throw new ApiError('properties_missing', { detail: `It lacks: ${missing.join(', ')}.` })
    const scheme = await this.adapters.schemeOf(adapter, this.#facts(installation, adapter, hostname))
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

  /** The client that a flow or a request to the token endpoint of this scheme is made with. Never log it. */
  async clientOf({ client }: OAuth2Scheme, tenantId: string, id: string): Promise<OAuthClient> {
    return client ?? this.getOAuthClient(tenantId, id)
  }

  /** Resolves to whether it took place: it does not where the installation's client is another than `expectedId`. */
  async replaceOAuthClient(tenantId: string, id: string, expectedId: string | null, client: OAuthClient | null): Promise<boolean> {
    const secret = client?.secret ?? null
    const [changed] = await this.models.installations.update(
      { oauthClientId: client?.id ?? null, oauthClientSecret: secret === null ? null : this.keyRing.seal(secret, clientSecretPlace(id)) },
      { where: { tenantId, id, oauthClientId: expectedId } },
    )
    return changed > 0
  }

  /** What an admin sees of the properties: no secret value. */
  describeProperties({ id, tenantId, adapter: adapterId, settings, secrets: sealed }: InstallationRow): DescribedProperties {
    const filled = { properties: propertiesOf(settings), secrets: this.secrets.open(id, sealed) }
    const adapter = this.adapters.has(tenantId, adapterId) ? this.adapters.get(tenantId, adapterId) : null
    const isShown = (name: string) => adapter?.properties?.some(each => each.name === name && each.isSecret) !== true
    return {
      properties: Object.fromEntries(Object.entries(filled.properties).filter(([name]) => isShown(name))),
      secretsSet: Object.keys(filled.secrets),
      missingProperties: adapter ? missingOf(adapter, filled) : [],
    }
  }

  #opened({ id, secrets }: InstallationRow, adapter: CrmAdapter): InstallationWithSecrets['secrets'] {
    return this.secrets.openFor(adapter, id, secrets)
  }

  #facts(row: InstallationRow, adapter: CrmAdapter, hostname: string): InstallationWithSecrets {
    return { hostname, settings: row.settings, secrets: this.#opened(row, adapter) }
  }

  async #summary(row: InstallationRow, adapter: CrmAdapter): Promise<InstallationSummary> {
    const [hostname = ''] = hostsOf(row, adapter)
    return {
      id: row.id,
      adapter: row.adapter,
      name: row.name,
      auth: await this.adapters.formOf(adapter, this.#facts(row, adapter, hostname)),
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

const missingIn = ({ settings }: InstallationRow, adapter: CrmAdapter, secrets: InstallationWithSecrets['secrets']): string[] =>
  missingOf(adapter, { properties: propertiesOf(settings), secrets })

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
