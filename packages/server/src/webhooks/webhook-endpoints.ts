import { randomUUID } from 'node:crypto'
import { Transaction } from 'sequelize'
import { CrmError } from '@linefinder/core'
import type { api, BodyOf } from '@linefinder/core/api'
import { given } from '../admin/given.js'
import { listPage, type Page, type PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import type { Table } from '../tenants/models.js'
import type { WebhookEndpointRow } from './models.js'
import { newSecret, secretPlace } from './signing.js'

const rotationMs = 24 * 3_600_000

/** A row together with its secret in clear, which is given out once. */
export interface WithSecret {
  readonly row: WebhookEndpointRow
  readonly secret: string
}

/** Where a tenant's admin wants events to go. Every change leaves an entry in the audit trail. */
export class WebhookEndpoints {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models' | 'keyRing' | 'guard'>, private readonly audit: AuditTrail) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<WebhookEndpointRow>> {
    return listPage(this.deps.models.webhookEndpoints, { tenantId }, query)
  }

  /** Throws `webhook_not_found`. */
  async get(tenantId: string, id: string): Promise<WebhookEndpointRow> {
    const row = await this.deps.models.webhookEndpoints.findOne({ where: { tenantId, id } })
    if (!row) throw new ApiError('webhook_not_found')
    return row
  }

  async create(by: AdminCaller, body: BodyOf<typeof api.admin.webhooks.create>): Promise<WithSecret> {
    this.#checkUrl(body.url)
    const [id, secret] = [randomUUID(), newSecret()]
    return this.deps.database.transaction(async () => {
      const row = await this.deps.models.webhookEndpoints.create({
        ...body, id, tenantId: by.tenantId, disabledReason: null, failingSince: null,
        secret: this.deps.keyRing.seal(secret, secretPlace(id, 'secret')), previousSecret: null, previousSecretUntil: null,
      })
      await this.audit.note(by, 'webhook.created', `webhook:${id}`, { events: body.events })
      return { row, secret }
    })
  }

  /** Another address, or switching it on again, gives it all its time again. Throws `webhook_not_found`. */
  async update(by: AdminCaller, id: string, body: BodyOf<typeof api.admin.webhooks.update>): Promise<WebhookEndpointRow> {
    if (body.url !== undefined) this.#checkUrl(body.url)
    return this.deps.database.transaction(async () => {
      const row = await this.#getLocked(by.tenantId, id)
      row.set(given(body))
      const changed = row.changed() || []
      if (changed.includes('enabled')) row.set({ disabledReason: null })
      if (changed.includes('enabled') || changed.includes('url')) row.set({ failingSince: null })
      await row.save()
      await this.audit.note(by, 'webhook.updated', `webhook:${id}`, { changed })
      return row
    })
  }

  /** Throws `webhook_not_found`. */
  async remove(by: AdminCaller, id: string): Promise<void> {
    await this.deps.database.transaction(async () => {
      const row = await this.#getLocked(by.tenantId, id)
      await row.destroy()
      await this.audit.note(by, 'webhook.removed', `webhook:${id}`)
    })
  }

  /** The secret before goes on for a day; one that was before that ends. Throws `webhook_not_found`. */
  async rotateSecret(by: AdminCaller, id: string): Promise<WithSecret> {
    const { database, keyRing } = this.deps
    const secret = newSecret()
    return database.transaction(async () => {
      const row = await this.#getLocked(by.tenantId, id)
      row.set({
        previousSecret: keyRing.seal(keyRing.open(row.secret, secretPlace(id, 'secret')), secretPlace(id, 'previous_secret')),
        previousSecretUntil: new Date(Date.now() + rotationMs),
        secret: keyRing.seal(secret, secretPlace(id, 'secret')),
      })
      await row.save()
      await this.audit.note(by, 'webhook.secret_rotated', `webhook:${id}`)
      return { row, secret }
    })
  }

  /** Makes everyone wait who would change it as well, and nobody who refers to it. */
  async #getLocked(tenantId: string, id: string): Promise<InstanceType<Table<WebhookEndpointRow>>> {
    const row = await this.deps.models.webhookEndpoints.findOne({ where: { tenantId, id }, lock: Transaction.LOCK.NO_KEY_UPDATE })
    if (!row) throw new ApiError('webhook_not_found')
    return row
  }

  /** Requests are guarded again, by the address that the name then resolves to. */
  #checkUrl(url: string): void {
    try {
      this.deps.guard.check(url)
    } catch (error) {
      throw error instanceof CrmError ? wrongField('body', '/url', error.detail ?? error.message) : error
    }
  }
}
