import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { webhookEvent, type QueryOf, type WebhookEvent, type api } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import { WorkUnderWay } from '../work-under-way.js'
import { findDelivery, listDeliveries, replayDelivery, replayFailed } from './delivery-log-statements.js'
import type { DeliveryRow } from './delivery-row.js'
import { deleteOld, listDueEndpoints, writeDeliveries } from './delivery-statements.js'
import { WebhookDelivery } from './delivery.js'
import { WebhookEndpoints } from './webhook-endpoints.js'
import { send, type Answer } from './sender.js'
import { signedHeaders } from './signing.js'

/** For whoever has something to tell. */
export interface WebhookEvents {
  /**
   * Writes the event down for every endpoint that wants it: one statement, part of the open transaction if there is one. Sent
   * by a sweep a moment later. What the event's declaration does not name is left out; throws when what it names is wrong.
   */
  emit(tenantId: string, event: WebhookEvent): Promise<void>
}

/** Endpoints that one process sends to at a time. */
const parallelEndpoints = 8
const sweepSize = 200
const keptDays = 30
const deletedAtOnce = 1000

/** Events for a tenant's own systems, signed, tried again, and kept for a while with what came of them. */
export class WebhookService implements WebhookEvents {
  readonly endpoints: WebhookEndpoints
  readonly #delivery: WebhookDelivery
  readonly #audit: AuditTrail
  readonly #work = new WorkUnderWay()

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models' | 'keyRing' | 'guard' | 'jobs' | 'isStopping' | 'log'>) {
    this.#audit = new AuditTrail(deps)
    this.endpoints = new WebhookEndpoints(deps, this.#audit)
    this.#delivery = new WebhookDelivery(deps)
  }

  async emit(tenantId: string, event: WebhookEvent): Promise<void> {
    await writeDeliveries(this.deps.database, tenantId, webhookEvent.parse(event))
  }

  /** Begins to send, and looks every `sweepMs` for what is due. Returns what ends it. */
  async start(sweepMs = 2000): Promise<() => void> {
    const { database, jobs, log } = this.deps
    await jobs.work('webhook-delivery', parallelEndpoints, id => this.#work.track(this.#delivery.work(id)))
    const sweep = async () => {
      const due = await listDueEndpoints(database, sweepSize)
      for (const id of due) await jobs.wake('webhook-delivery', id)
      if (due.length > 0) jobs.lookNow('webhook-delivery')
      await deleteOld(database, keptDays, deletedAtOnce)
    }
    const timer = setInterval(() => {
      this.#work.track(sweep()).catch((error: unknown) => { log.error({ err: error }, 'webhooks could not be looked through') })
    }, sweepMs).unref()
    return () => { clearInterval(timer) }
  }

  /** Throws `webhook_not_found`. */
  async test(tenantId: string, endpointId: string): Promise<Answer> {
    const { url, secret, previousSecret, previousSecretUntil } = await this.endpoints.get(tenantId, endpointId)
    const secrets = { endpointId, secret, previousSecret, previousSecretUntil }
    const body = JSON.stringify({ type: 'webhook.test', timestamp: new Date().toISOString(), data: { webhookId: endpointId } } satisfies WebhookEvent)
    return send(this.deps.guard, url, signedHeaders(this.deps.keyRing, secrets, randomUUID(), body), body)
  }

  /** Latest first. Throws `webhook_not_found`. */
  async listDeliveries(tenantId: string, endpointId: string, { cursor, outcome, limit }: QueryOf<typeof api.admin.webhooks.listDeliveries>): Promise<{ items: DeliveryRow[]; nextCursor: string | null }> {
    await this.endpoints.get(tenantId, endpointId)
    const [instant, id] = decodeCursor(cursor, sortKey) ?? []
    const after = instant === undefined || id === undefined ? undefined : { createdAt: new Date(instant), id }
    const rows = await listDeliveries(this.deps.database, tenantId, endpointId, { outcome, after, limit: limit + 1 })
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: last && rows.length > limit ? encodeCursor([last.createdAt.toISOString(), last.id]) : null }
  }

  /** Throws `webhook_not_found`, or `not_found` for the delivery. */
  async replayDelivery(by: AdminCaller, endpointId: string, id: string): Promise<DeliveryRow> {
    const { database, jobs } = this.deps
    await this.endpoints.get(by.tenantId, endpointId)
    const row = await database.transaction(async () => {
      const replayed = await replayDelivery(database, by.tenantId, endpointId, id)
      if (!replayed) return findDelivery(database, by.tenantId, endpointId, id)
      await this.#audit.note(by, 'webhook.replayed', `webhook:${endpointId}`, { delivery: id })
      await jobs.wake('webhook-delivery', endpointId)
      return replayed
    })
    if (!row) throw new ApiError('not_found', { detail: 'The webhook has no such delivery; they are kept for 30 days.' })
    jobs.lookNow('webhook-delivery')
    return row
  }

  /** Returns how many. Throws `webhook_not_found`. */
  async replayFailed(by: AdminCaller, endpointId: string, since = new Date(0)): Promise<number> {
    const { database, jobs } = this.deps
    await this.endpoints.get(by.tenantId, endpointId)
    const count = await database.transaction(async () => {
      const replayed = await replayFailed(database, by.tenantId, endpointId, since)
      await this.#audit.note(by, 'webhook.replayed', `webhook:${endpointId}`, { since: since.toISOString(), deliveries: replayed })
      await jobs.wake('webhook-delivery', endpointId)
      return replayed
    })
    jobs.lookNow('webhook-delivery')
    return count
  }

  /** Resolves once this process is sending nothing. */
  async idle(): Promise<void> {
    await this.#work.idle()
  }
}

const sortKey = z.tuple([z.iso.datetime(), z.uuid()])
