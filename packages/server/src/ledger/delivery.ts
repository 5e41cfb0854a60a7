import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { CrmError } from '@linefinder/core'
import type { Dependencies } from '../dependencies.js'
import { problemCodeOf } from '../http/problem.js'
import type { WebhookEvents } from '../webhooks/webhook-service.js'
import { Attempt, type CallCrm } from './attempt.js'
import { eventOf } from './delivery-events.js'
import type { Entry } from './entry.js'
import { settleDelivered, settleFailed, type Lane, type Lease } from './lease-statements.js'
import { pauseAfter } from './pause.js'
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
}

/** Makes one attempt under a lease, and writes down what came of it. */
export class Delivery {
  constructor(private readonly deps: DeliveryDependencies, private readonly waiters: Waiters, private readonly figures: DeliveryFigures) {}

  /** Whether the CRM has it now. */
  async deliver(connection: Lane, lease: Lease, isAdmitted: boolean): Promise<boolean> {
    const { database, adapters, gateway, log, jobs } = this.deps
    const endsAt = Date.now() + this.figures.deadlineMs
    const options = { requestId: randomUUID(), log: quiet(log, lease), isAdmitted }
    const call: CallCrm = (schema, idempotencyKey, work) =>
      gateway.call(connection, { ...options, deadlineMs: Math.max(1, endsAt - Date.now()), idempotencyKey }, schema, work)
    const attempt = new Attempt(lease, adapters.get(connection.adapter), call, endsAt)
    try {
      const told = await attempt.tell()
      await this.#settle(connection, attempt, () => settleDelivered(database, lease, told))
      return true
    } catch (error) {
      if (!(error instanceof CrmError)) throw error
      const settled = await this.#settle(connection, attempt, () => settleFailed(database, lease, {
        code: problemCodeOf(error), detail: error.detail ?? null, isFinal: isFinal(error), activity: attempt.activity, uncertainty: attempt.uncertaintyAfter(error),
        retryInMs: error.code === 'unauthorized' ? null : pauseAfter(lease.attempts, error.retryAfterMs),
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

/** Refused credentials wait for the agent to reconnect; whatever else may not be repeated is final. */
const isFinal = (error: CrmError): boolean => !error.isRetryable && error.code !== 'unauthorized'
