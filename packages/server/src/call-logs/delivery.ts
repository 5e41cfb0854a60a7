import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import { activityRef, CrmError, externalId, type ActivityRef, type AdapterContext, type CallLog, type CrmAdapter } from '@linefinder/core'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { DeliveryFailed } from '../http/delivery-failed.js'
import { problemCodeOf } from '../http/problem.js'
import type { CallLogRow } from './call-log-row.js'
import { readCallLog, settleDelivered, settleFailed, takeLease, type Lease } from './delivery-statements.js'
import type { WorkUnderWay } from '../work-under-way.js'

export interface DeliveryOptions {
  readonly requestId: string
  readonly log: Logger
}

/** One attempt under a lease, and what it has found out so far. */
interface Attempt {
  readonly lease: Lease
  readonly endsAt: number
  call<Schema extends z.ZodType>(schema: Schema, idempotencyKey: string, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>): Promise<z.output<Schema>>
  step: 'look' | 'create' | 'update'
  hasLooked: boolean
  activity: ActivityRef | null
}

/** How long deliveries may take and go on. */
export interface DeliveryFigures {
  /** Of one delivery, waiting for another's included. */
  readonly deadlineMs: number
  /** From which on a log that the CRM does not take has failed. A person can have it tried again. */
  readonly giveUpAfterMs: number
}

/** A lease outlives its attempt's deadline by this. */
const leaseMarginMs = 5000
const firstPauseMs = 20
const longestPauseMs = 200
/** How often one request goes on delivering what others have changed meanwhile. */
const maxRounds = 5

/** Brings call logs to the CRM: one attempt at a time per log, over all processes. */
export class Delivery {
  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'jobs'>,
    private readonly work: WorkUnderWay,
    private readonly figures: DeliveryFigures,
  ) {}

  /**
   * Returns once the CRM has this version of the log or a newer one, whoever brought it there. Throws `DeliveryFailed` when
   * the attempt failed or the deadline has passed.
   */
  async deliver(log: CallLogRow, connection: CrmConnection, options: DeliveryOptions, roundsLeft = maxRounds): Promise<CallLogRow> {
    const endsAt = Date.now() + this.figures.deadlineMs
    let pauseMs = firstPauseMs
    let hasDelivered = false
    let isAskedFor = true
    let current = log
    while (current.deliveredVersion < log.version) {
      const remainingMs = endsAt - Date.now()
      if (remainingMs <= 0) throw new DeliveryFailed('crm_timeout', standingOf(current))
      const lease = await this.#takeLease(log, connection, options, remainingMs, isAskedFor)
      // From here on a failure is that of an attempt made meanwhile, and the answer to this request.
      isAskedFor = false
      if (lease) {
        hasDelivered = true
        current = await this.#attempt(lease, connection, options, endsAt) ?? await readCallLog(this.deps.database, log)
        continue
      }
      await sleep(Math.min(pauseMs, remainingMs))
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      current = await readCallLog(this.deps.database, log)
      if (current.status === 'retrying' || current.status === 'failed') throw new DeliveryFailed(current.lastErrorCode ?? 'crm_timeout', standingOf(current))
    }
    const isBehind = current.status === 'pending' && current.connectionId === connection.id
    if (hasDelivered && isBehind && roundsLeft > 1) void this.work.track(this.#catchUp(current, connection, options, roundsLeft - 1))
    return current
  }

  /** The log changed while it was delivered. Whoever changed it may have stopped waiting. */
  async #catchUp(log: CallLogRow, connection: CrmConnection, options: DeliveryOptions, roundsLeft: number): Promise<void> {
    try {
      await this.deliver(log, connection, options, roundsLeft)
    } catch (error) {
      // A failed delivery stands in the row.
      if (!(error instanceof DeliveryFailed)) options.log.error({ err: error }, 'delivering a newer version failed')
    }
  }

  #takeLease(log: CallLogRow, connection: CrmConnection, { requestId }: DeliveryOptions, remainingMs: number, isAskedFor: boolean): Promise<Lease | undefined> {
    const canLook = this.deps.adapters.get(connection.adapter).findCallLog !== undefined
    return takeLease(this.deps.database, log, {
      token: randomUUID(), connectionId: connection.id, leaseMs: remainingMs + leaseMarginMs, requestId, isAskedFor, canLook,
    })
  }

  /** Nothing comes back when the lease ran out on the way. */
  async #attempt(lease: Lease, connection: CrmConnection, options: DeliveryOptions, endsAt: number): Promise<CallLogRow | undefined> {
    const attempt: Attempt = {
      lease, endsAt, step: 'look', hasLooked: false, activity: lease.activity,
      call: (schema, idempotencyKey, work) =>
        this.deps.gateway.call(connection, { ...options, deadlineMs: Math.max(1, endsAt - Date.now()), idempotencyKey }, schema, work),
    }
    try {
      const activity = await this.#tell(attempt, this.deps.adapters.get(connection.adapter))
      return await settleDelivered(this.deps.database, lease, activity)
    } catch (error) {
      // Anything else is our own failure: the lease runs out, and the next attempt looks before it creates.
      if (!(error instanceof CrmError)) throw error
      const code = problemCodeOf(error)
      const settled = await settleFailed(this.deps.database, lease, {
        code, isFinal: isFinal(error), activity: attempt.activity, uncertainty: uncertaintyAfter(attempt, error),
        retryInMs: error.code === 'unauthorized' ? null : pauseAfter(lease.attempts, error.retryAfterMs),
        giveUpAfterMs: this.figures.giveUpAfterMs,
      })
      if (settled?.nextAttemptAt) await this.deps.jobs.wake('call-log-delivery', settled.id, settled.nextAttemptAt)
      throw new DeliveryFailed(code, standingOf(settled ?? await readCallLog(this.deps.database, lease)), error)
    }
  }

  /** Creates or updates the activity, after looking for it where it may be there already. */
  async #tell(attempt: Attempt, adapter: CrmAdapter): Promise<ActivityRef> {
    const { lease, call } = attempt
    const id = externalId.parse(`lf-${lease.id}`)
    const log: CallLog = { ...lease.content, externalId: id }

    if (attempt.activity === null && lease.uncertainForMs !== null && adapter.findCallLog) {
      await waitForCommit((adapter.commitLagMs ?? 0) - lease.uncertainForMs, attempt.endsAt)
      attempt.activity = await call(activityRef.nullable(), id, async ({ findCallLog }, ctx) => findCallLog?.(ctx, id) ?? null)
      attempt.hasLooked = true
    }
    if (attempt.activity === null) {
      attempt.step = 'create'
      return call(activityRef, id, (crm, ctx) => crm.createCallLog(ctx, log))
    }
    attempt.step = 'update'
    const ref = attempt.activity
    // A key of its own: a CRM that knows the create's key would answer with the create.
    if (lease.changed.length > 0) await call(z.unknown(), `${id}-${String(lease.version)}`, (crm, ctx) => crm.updateCallLog(ctx, ref, log, lease.changed))
    return ref
  }
}

const standingOf = ({ callId, status }: CallLogRow) => ({ callId, status })

const firstRetryMs = 5000
const longestRetryMs = 3_600_000

/** Twice as long after every attempt, up to an hour, and not all at the same moment; never sooner than the CRM asked for. */
function pauseAfter(attempts: number, retryAfterMs = 0): number {
  const pauseMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs)
  return Math.max(retryAfterMs, pauseMs * (0.75 + Math.random() / 2))
}

/** Refused credentials wait for the agent to reconnect; whatever else may not be repeated is final. */
const isFinal = (error: CrmError): boolean => !error.isRetryable && error.code !== 'unauthorized'

function uncertaintyAfter({ step, hasLooked }: Attempt, error: CrmError): 'new' | 'kept' | 'none' {
  if (step === 'create' && error.maybeCommitted) return 'new'
  return hasLooked ? 'none' : 'kept'
}

/** Looking too early would miss a create that the CRM still has under way. */
async function waitForCommit(waitMs: number, endsAt: number): Promise<void> {
  if (waitMs <= 0) return
  if (Date.now() + waitMs >= endsAt) throw new CrmError('timeout', { retryAfterMs: waitMs })
  await sleep(waitMs)
}
