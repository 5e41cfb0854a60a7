import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Dependencies } from '../dependencies.js'
import type { WebhookEvents } from '../webhooks/webhook-service.js'
import { Attempt, type CallCrm } from './attempt.js'
import type { ContactResolver } from './contact-resolver.js'
import { attemptFailureOf } from './delivery-error.js'
import { eventOf } from './delivery-events.js'
import type { Entry } from './entry.js'
import { settleDelivered, settleFailed, storeResolution, type Lane, type Lease } from './lease-statements.js'
import { pauseAfter } from './pause.js'
import type { RecordingDelivery } from './recording-delivery.js'
import type { Waiters } from './waiters.js'

/** How long deliveries may take and go on. */
export interface DeliveryFigures {
  /** Of one attempt. */
  readonly deadlineMs: number
  /** From which on an entry that the CRM does not take has failed. A person can have it tried again. */
  readonly giveUpAfterMs: number
  /** Of all connections together, in one process. */
  readonly maxParallel: number
}

export interface DeliveryDependencies extends Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'jobs' | 'metrics' | 'log'> {
  readonly webhooks: WebhookEvents
  readonly resolver: ContactResolver
  readonly recordings: RecordingDelivery
}

/** Makes one attempt under a lease, and writes down what came of it. */
export class Delivery {
  constructor(private readonly deps: DeliveryDependencies, private readonly waiters: Waiters, private readonly figures: DeliveryFigures) {}

  /** Whether the CRM has it now. */
  async deliver(connection: Lane, lease: Lease, isAdmitted: boolean): Promise<boolean> {
    const { database, adapters, gateway, resolver, recordings, log, jobs } = this.deps
    const endsAt = Date.now() + this.figures.deadlineMs
    const options = { requestId: randomUUID(), log: quiet(log, lease), isAdmitted }
    const call: CallCrm = (schema, idempotencyKey, work) =>
      gateway.call(connection, { ...options, deadlineMs: Math.max(1, endsAt - Date.now()), idempotencyKey }, schema, work)
    const attempt = new Attempt({
      lease, connection, adapter: adapters.get(connection.adapter), call, endsAt,
      resolve: async () => {
        const resolution = await resolver.resolve(connection, lease, endsAt, options)
        if (resolution) await storeResolution(database, lease, resolution)
        return resolution
      },
    })
    try {
      const told = await recordings.bring(connection, lease, await attempt.tell(), options)
      if (told) await this.#settle(connection, attempt, () => settleDelivered(database, lease, told))
      return true
    } catch (error) {
      const failure = attemptFailureOf(error)
      if (!failure) throw error
      const settled = await this.#settle(connection, attempt, () => settleFailed(database, lease, {
        code: failure.code, detail: failure.detail, isFinal: failure.isFinal, activity: attempt.activity, uncertainty: attempt.uncertaintyAfter(failure),
        retryInMs: failure.waitsForConnection ? null : pauseAfter(lease.attempts, failure.retryAfterMs),
        giveUpAfterMs: this.figures.giveUpAfterMs,
      }))
      if (settled?.nextAttemptAt) await jobs.wake('ledger-delivery', connection.id, settled.nextAttemptAt)
      return false
    }
  }

  /** Nothing comes back when the lease was lost. Whoever is to be told of the outcome is told of it, or it does not stand. */
  async #settle(connection: Lane, attempt: Attempt, settle: () => Promise<Entry | undefined>): Promise<Entry | undefined> {
    const { database, webhooks, metrics } = this.deps
    const settleAndTell = async () => {
      const settled = await settle()
      const event = settled && eventOf(settled, new Date())
      if (event) await webhooks.emit(connection.tenantId, event)
      return settled
    }
    const settled = await (connection.hasWebhooks ? database.transaction(settleAndTell) : settle())
    metrics.countDelivery(attempt.kind, attempt.operation, settled?.status ?? 'lost')
    if (settled) this.waiters.tell(settled)
    return settled
  }
}

const quiet = (log: Logger, { id, kind, attempts }: Lease): Logger => log.child({ entry: id, kind, attempt: attempts })
