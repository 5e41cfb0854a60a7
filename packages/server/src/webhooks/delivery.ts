import { randomUUID } from 'node:crypto'
import type { Dependencies } from '../dependencies.js'
import { settleDelivered, settleFailed, takeLeases, type Lease } from './delivery-statements.js'
import { pauseAfter } from './retry-schedule.js'
import { send } from './sender.js'
import { signedHeaders } from './signing.js'

/** Longer than an attempt's deadline, so that a lease runs out only when its holder is dead. */
const leaseMs = 25_000
/** To one endpoint at a time, from one process. */
const parallelRequests = 4
/** A job ends within about half a minute. */
const runMs = 20_000
const giveUpAfterMs = 5 * 24 * 3_600_000

/** Sends what is due to endpoints. A row's lease keeps every other process from sending it as well. */
export class WebhookDelivery {
  readonly #underWay = new Set<string>()

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'keyRing' | 'guard' | 'isStopping' | 'log'>) {}

  /** Sends until nothing is due or its time is over. It stops at the first failure, so that a receiver that is down holds nobody up. */
  async work(endpointId: string): Promise<void> {
    if (this.#underWay.has(endpointId)) return
    this.#underWay.add(endpointId)
    try {
      const endsAt = Date.now() + runMs
      while (Date.now() < endsAt && !this.deps.isStopping()) {
        const leases = await takeLeases(this.deps.database, endpointId, randomUUID(), leaseMs, parallelRequests)
        const delivered = await Promise.all(leases.map(lease => this.#attempt(lease).catch((error: unknown) => this.#noteOwnFailure(lease, error))))
        if (leases.length < parallelRequests || delivered.includes(false)) return
      }
    } finally {
      this.#underWay.delete(endpointId)
    }
  }

  /** The lease runs out, and it is sent again: its receiver knows it by its id. */
  #noteOwnFailure({ id }: Lease, error: unknown): false {
    this.deps.log.error({ err: error, delivery: id }, 'a webhook could not be sent or settled')
    return false
  }

  async #attempt(lease: Lease): Promise<boolean> {
    const { database, keyRing, guard, log } = this.deps
    const body = JSON.stringify(lease.event)
    const answer = await send(guard, lease.url, signedHeaders(keyRing, lease, lease.id, body), body)
    if (answer.isTaken) {
      await settleDelivered(database, lease, answer)
      return true
    }
    const isGone = answer.status === 410
    await settleFailed(database, lease, answer, { retryInMs: isGone ? null : pauseAfter(lease.attempts, answer.retryAfterMs), isGone, giveUpAfterMs })
    log.warn({ webhook: lease.endpointId, delivery: lease.id, attempts: lease.attempts, status: answer.status, error: answer.error }, 'a webhook was not delivered')
    return false
  }
}
