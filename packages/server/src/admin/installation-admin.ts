import { randomUUID } from 'node:crypto'
import { CrmError, type CrmAdapter } from '@linefinder/core'
import type { api, BodyOf } from '@linefinder/core/api'
import { isCountry } from '@linefinder/core/phone'
import { listPage, type Page, type PageQuery } from '../database/list-page.js'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import { holdDocument } from '../documents/document-statements.js'
import type { DirectoryService } from '../directory/directory-service.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import { clientSecretPlace, hostsOf } from '../installations/installation-service.js'
import type { InstallationRow } from '../installations/models.js'
import { fillIn, missingOf, propertiesOf, withProperties, wrongProperties, type Filled } from '../installations/properties.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import type { Table } from '../tenants/models.js'
import { given } from './given.js'
import {
  deleteConnectionsOf, endSignInsElsewhere, lockInstallation, revokeConnectionsElsewhere, usesOf,
} from './installation-statements.js'

type Parts = Pick<Dependencies, 'database' | 'models' | 'adapters' | 'keyRing' | 'secrets' | 'guard'>

/** How a tenant's admin sets up CRMs. */
export class InstallationAdmin {
  constructor(private readonly deps: Parts, private readonly directories: DirectoryService, private readonly audit: AuditTrail) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<InstallationRow>> {
    return listPage(this.deps.models.installations, { tenantId }, query)
  }

  async create(by: AdminCaller, body: BodyOf<typeof api.admin.installations.create>): Promise<InstallationRow> {
    const { database, models, adapters, secrets } = this.deps
    const { properties: given = {}, oauthClientSecret, ...fields } = body
    const adapter = adapters.get(by.tenantId, body.adapter)
    this.#check(body, adapter)
    const filled = fillIn(adapter, { properties: {}, secrets: {} }, given)
    checkComplete(body.enabled, adapter, filled)
    const id = randomUUID()
    return database.transaction(async () => {
      await this.#holdAdapter(by.tenantId, adapter)
      const row = await models.installations.create({
        ...fields, id, tenantId: by.tenantId, settings: withProperties(fields.settings, filled.properties),
        oauthClientSecret: this.#sealed(id, oauthClientSecret), secrets: secrets.seal(id, filled.secrets),
      })
      await this.audit.note(by, 'installation.created', `installation:${id}`, { adapter: body.adapter, ...namesOf(body.properties) })
      return row
    })
  }

  /**
   * Connections and sign-ins to a host that is no longer allowed end with the change. Their CRM is not told: it is no longer
   * one that this tenant speaks to.
   */
  async update(by: AdminCaller, id: string, body: BodyOf<typeof api.admin.installations.update>): Promise<InstallationRow> {
    const { database, adapters, secrets } = this.deps
    const updated = await database.transaction(async () => {
      const row = await this.#getLocked(by.tenantId, id)
      const before = JSON.stringify(phoneOptionsOf(row.settings))
      const { oauthClientSecret, properties, settings, ...changes } = given(body)
      const adapter = adapters.get(by.tenantId, row.adapter)
      const filled = fillIn(adapter, { properties: propertiesOf(row.settings), secrets: secrets.open(id, row.secrets) }, properties ?? {})
      row.set({ ...changes, settings: withProperties(settings ?? row.settings, filled.properties) })
      if (oauthClientSecret !== undefined) row.set({ oauthClientSecret: this.#sealed(id, oauthClientSecret) })
      // Sealed anew only then, and by the newest key.
      if (properties !== undefined) row.set({ secrets: secrets.seal(id, filled.secrets) })
      this.#check({ ...row.get(), settings: settings ?? {} }, adapter)
      checkComplete(row.enabled, adapter, filled)
      const changed = row.changed() || []
      await row.save()
      const hosts = hostsOf(row, adapter)
      const revoked = await revokeConnectionsElsewhere(database, by.tenantId, id, hosts)
      await endSignInsElsewhere(database, by.tenantId, id, hosts)
      for (const connection of revoked) await this.directories.remove(by.tenantId, connection.id)
      if (JSON.stringify(phoneOptionsOf(row.settings)) !== before) await this.directories.readAnew(by.tenantId, id)
      await this.audit.note(by, 'installation.updated', `installation:${id}`, { changed, ...namesOf(properties), revokedConnections: revoked.map(connection => connection.id) })
      return row
    })
    this.directories.lookNow()
    return updated
  }

  /** Throws `in_use` while a connection is not revoked, and while there are call logs, which nobody may lose this way. */
  async remove(by: AdminCaller, id: string): Promise<void> {
    const { database, models } = this.deps
    await database.transaction(async () => {
      const row = await this.#getLocked(by.tenantId, id)
      const [uses] = await usesOf(database, by.tenantId, id)
      if (uses?.hasConnections) throw new ApiError('in_use', { detail: 'Agents are connected through it. Remove its connections first, or switch it off.' })
      if (uses?.hasCallLogs) throw new ApiError('in_use', { detail: 'Call logs of its former connections are kept. Switch it off instead.' })
      await deleteConnectionsOf(database, by.tenantId, id)
      await models.crmAccounts.destroy({ where: { tenantId: by.tenantId, installationId: id } })
      await row.destroy()
      await this.audit.note(by, 'installation.removed', `installation:${id}`, { adapter: row.adapter })
    })
  }

  async #getLocked(tenantId: string, id: string): Promise<InstanceType<Table<InstallationRow>>> {
    await lockInstallation(this.deps.database, tenantId, id)
    const row = await this.deps.models.installations.findOne({ where: { tenantId, id } })
    if (!row) throw new ApiError('installation_not_found')
    return row
  }

  /** A document cannot be removed while an installation of it is being made. */
  async #holdAdapter(tenantId: string, { id }: CrmAdapter): Promise<void> {
    if (this.deps.adapters.isCoded(id)) return
    const [held] = await holdDocument(this.deps.database, tenantId, id)
    if (!held) throw new ApiError('adapter_not_found')
  }

  /** What the schema cannot know. Throws `invalid_fields`. */
  #check(facts: Pick<InstallationRow, 'host' | 'allowedHosts' | 'settings'>, adapter: CrmAdapter): void {
    if (hostsOf(facts, adapter).length === 0) {
      throw wrongField('body', '/host', 'is needed: this CRM has a host for each customer. Fix one, or list several in allowedHosts.')
    }
    if (facts.host !== null) this.#checkHost(facts.host, '/host')
    facts.allowedHosts.forEach((host, index) => { this.#checkHost(host, `/allowedHosts/${String(index)}`) })
    const { country, properties } = facts.settings
    if (properties !== undefined) throw wrongField('body', '/settings/properties', 'is not a setting: give `properties` beside the settings')
    if (country !== undefined && !(typeof country === 'string' && isCountry(country))) {
      throw wrongField('body', '/settings/country', 'is not a country (ISO 3166-1 alpha-2)')
    }
  }

  /** Requests are guarded again, by the address that the name then resolves to. */
  #checkHost(host: string, pointer: string): void {
    const { guard } = this.deps
    try {
      guard.check(guard.resolve('https://{hostname}', host))
    } catch (error) {
      throw error instanceof CrmError ? wrongField('body', pointer, error.detail ?? error.message) : error
    }
  }

  #sealed(id: string, secret: string | null): string | null {
    return secret === null ? null : this.deps.keyRing.seal(secret, clientSecretPlace(id))
  }
}

/** An installation that lacks something may wait for it, switched off. Throws `invalid_fields`. */
function checkComplete(isEnabled: boolean, adapter: CrmAdapter, filled: Filled): void {
  const missing = isEnabled ? missingOf(adapter, filled) : []
  if (missing.length > 0) throw wrongProperties(missing, 'is needed while the installation is enabled')
}

/** For the audit trail: never the values. */
const namesOf = (properties: object | undefined): { properties?: string[] } => properties === undefined ? {} : { properties: Object.keys(properties) }
