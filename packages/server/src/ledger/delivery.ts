import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.js'
import { WriteBatch } from '../database/write-batch.js'
import type { Dependencies } from '../dependencies.js'
import type { WebhookEvents } from '../webhooks/webhook-service.js'
import { Attempt, type CallCrm } from './attempt.js'
import type { ContactResolver } from './contact-resolver.js'
import { attemptFailureOf } from './delivery-error.js'
import { eventOf } from './delivery-events.js'
import type { Entry } from './entry.js'
import type { BusyFigures } from './give-way.js'
import { settleDelivered, settleFailed, storeResolution, type Lane, type Lease, type Settlement } from './lease-statements.js'
import { pauseAfter } from './pause.js'
import type { RecordingDelivery } from './recording-delivery.js'
import type { Waiters } from './waiters.js'

/** How long deliveries may take and go on. */
export interface DeliveryFigures extends BusyFigures {
  /** Of one attempt. */
  readonly deadlineMs: number
  /** What follows the first attempt that failed; it doubles with each further one. */
  readonly firstRetryMs: number
  /** From which on an entry that the CRM does not take has failed. A person can have it tried again. */
  readonly giveUpAfterMs: number
  /** Of all connections together, in one process. */
  readonly maxParallel: number
}

export interface DeliveryDependencies extends Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'metrics' | 'log'> {
  readonly webhooks: WebhookEvents
  readonly resolver: ContactResolver
  readonly recordings: RecordingDelivery
}

/** Whether it stands in the way of others as well (`passing`), or of this entry only (`final`); `null` when the CRM has it. */
export interface Delivered {
  readonly failure: 'passing' | 'final' | null
  /** When to try again by itself. */
  readonly nextAttemptAt: Date | null
}

export interface DeliverOptions {
  /** The connection's health has let this one through (`ConnectionHealth.admit`). */
  readonly isAdmitted: boolean
  /** Called once the CRM is spoken with no more. */
  hasAnswered(): void
}

/** Makes one attempt under a lease, and writes down what came of it. */
export class Delivery {
  readonly #settlements: WriteBatch<Settlement, Entry | undefined>

  constructor(private readonly deps: DeliveryDependencies, private readonly waiters: Waiters, private readonly figures: DeliveryFigures) {
    this.#settlements = new WriteBatch({
      keyOf: ({ lease: { token } }) => token,
      write: settlements => settleDelivered(deps.database, settlements),
      isRepeated: () => false,
      answerRepeated: entry => entry,
    }, { maxRunning: 1, maxSize: 100 })
  }

  async deliver(connection: Lane, lease: Lease, { isAdmitted, hasAnswered }: DeliverOptions): Promise<Delivered> {
    const { database, adapters, gateway, resolver, recordings, log } = this.deps
    const endsAt = Date.now() + this.figures.deadlineMs
    const options = { requestId: randomUUID(), log, about: { entry: lease.id, kind: lease.kind, attempt: lease.attempts }, isAdmitted }
    const call: CallCrm = (schema, idempotencyKey, work) =>
      gateway.call(connection, { ...options, deadlineMs: Math.max(1, endsAt - Date.now()), idempotencyKey }, schema, work)
    const attempt = new Attempt({
      lease, connection, adapter: adapters.get(connection.tenantId, connection.adapter), call, endsAt,
      resolve: async () => {
        const resolution = await resolver.resolve(connection, lease, endsAt, options)
        if (resolution) await storeResolution(database, lease, resolution)
        return resolution
      },
    })
    const tell = async () => recordings.bring(connection, lease, await attempt.tell(), options)
    try {
      const told = await tell().finally(hasAnswered)
      if (told) await this.#settle(connection, attempt, isTold => isTold ? settleOne(database, { lease, told }) : this.#settlements.add({ lease, told }))
      return { failure: null, nextAttemptAt: null }
    } catch (error) {
      const failure = attemptFailureOf(error)
      if (!failure) throw error
      const settled = await this.#settle(connection, attempt, () => settleFailed(database, lease, {
        code: failure.code, detail: failure.detail, isFinal: failure.isFinal, activity: attempt.activity, uncertainty: attempt.uncertaintyAfter(failure), isHalfTold: attempt.isHalfTold,
        retryInMs: failure.waitsForConnection ? null : pauseAfter(lease.attempts, this.figures.firstRetryMs, failure.retryAfterMs),
        giveUpAfterMs: this.figures.giveUpAfterMs,
      }))
      return { failure: failure.isFinal ? 'final' : 'passing', nextAttemptAt: settled?.nextAttemptAt ?? null }
    }
  }

  /**
   * Nothing comes back when the lease was lost. Whoever is to be told of the outcome is told of it, or it does not stand: then `settle` runs in
   * a transaction.
   */
  async #settle(connection: Lane, attempt: Attempt, settle: (isTold: boolean) => Promise<Entry | undefined>): Promise<Entry | undefined> {
    const { database, webhooks, metrics } = this.deps
    const settleAndTell = async () => {
      const settled = await settle(true)
      const event = settled && eventOf(settled, new Date())
      if (event) await webhooks.emit(connection.tenantId, event)
      return settled
    }
    const settled = await (connection.hasWebhooks ? database.transaction(settleAndTell) : settle(false))
    metrics.countDelivery(attempt.kind, attempt.operation, settled?.status ?? 'lost')
    if (settled) this.waiters.tell(settled)
    return settled
  }
}

const settleOne = async (database: Database, settlement: Settlement): Promise<Entry | undefined> => (await settleDelivered(database, [settlement]))[0]
