import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Dependencies } from '../dependencies.js'
import type { WorkUnderWay } from '../work-under-way.js'
import { Attempt, type CallCrm } from './attempt.js'
import type { ContactResolver } from './contact-resolver.js'
import { attemptFailureOf } from './delivery-error.js'
import { leaseDue, lockLane, settleFailed, storeResolution, type Lane, type Lease } from './lease-statements.js'
import { pauseAfter } from './pause.js'
import type { RecordingDelivery } from './recording-delivery.js'
import { kindsThatCanLook } from './tellers.js'
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

/** A lease outlives its attempt's deadline by this. */
const leaseMarginMs = 5000
const defaultLaneParallel = 4

interface LaneState {
  running: number
  isFilling: boolean
  /** Something became due while it was being filled. */
  isPoked: boolean
  first: Set<string>
}

/**
 * Delivers what is due, longest due first, with so many attempts at once per connection: the rows say what is due, and whoever takes
 * leases of a connection's entries holds its row, so the limit holds over all processes.
 */
export class Lanes {
  readonly #lanes = new Map<string, LaneState>()
  /** Lanes that found this process busy. */
  readonly #queue = new Set<string>()
  #running = 0

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'jobs' | 'log'> & { readonly resolver: ContactResolver; readonly recordings: RecordingDelivery },
    private readonly work: WorkUnderWay,
    private readonly waiters: Waiters,
    private readonly figures: DeliveryFigures,
  ) {}

  /** Something of the connection may be due; with `first`, the entry that somebody waits for. Returns at once. */
  poke(connectionId: string, first?: string): void {
    const lane = this.#lanes.get(connectionId) ?? { running: 0, isFilling: false, isPoked: false, first: new Set() }
    this.#lanes.set(connectionId, lane)
    if (first !== undefined) lane.first.add(first)
    lane.isPoked = true
    if (!lane.isFilling) void this.work.track(this.#fill(connectionId, lane))
  }

  async #fill(connectionId: string, lane: LaneState): Promise<void> {
    lane.isFilling = true
    try {
      while (lane.isPoked) {
        if (this.#running >= this.figures.maxParallel) {
          this.#queue.add(connectionId)
          return
        }
        lane.isPoked = false
        const taken = await this.#take(connectionId, lane)
        if (!taken) continue
        for (const lease of taken.leases) void this.work.track(this.#run(taken.connection, lane, lease))
        // As many as were asked for: there may be more.
        if (taken.isFull) lane.isPoked = this.#running < this.figures.maxParallel
      }
    } catch (error) {
      this.deps.log.error({ err: error }, 'what is due could not be taken')
    } finally {
      lane.isFilling = false
      if (lane.running === 0 && !lane.isPoked) this.#lanes.delete(connectionId)
    }
  }

  async #take(connectionId: string, lane: LaneState): Promise<{ connection: Lane; leases: Lease[]; isFull: boolean } | null> {
    const { database, adapters } = this.deps
    const first = [...lane.first]
    lane.first.clear()
    return database.transaction(async () => {
      const connection = await lockLane(database, connectionId)
      if (!connection?.isOpen || !adapters.has(connection.adapter)) return null
      const maxParallel = maxParallelOf(connection.settings)
      const limit = Math.min(maxParallel - lane.running, this.figures.maxParallel - this.#running)
      if (limit <= 0) return null
      const leases = await leaseDue(database, connection, {
        maxParallel, limit, first, requestId: randomUUID(), leaseMs: this.figures.deadlineMs + leaseMarginMs,
        canLookFor: kindsThatCanLook(adapters.get(connection.adapter)),
      })
      return { connection, leases, isFull: leases.length === limit && limit < maxParallel - lane.running }
    })
  }

  async #run(connection: Lane, lane: LaneState, lease: Lease): Promise<void> {
    lane.running += 1
    this.#running += 1
    try {
      await this.#attempt(connection, lease)
    } catch (error) {
      // Our own failure: the lease runs out, and the next attempt looks before it creates.
      this.deps.log.error({ err: error, entry: lease.id }, 'a delivery failed on our side')
    } finally {
      lane.running -= 1
      this.#running -= 1
      this.poke(connection.id)
      for (const waiting of this.#queue) {
        this.#queue.delete(waiting)
        this.poke(waiting)
        break
      }
    }
  }

  async #attempt(connection: Lane, lease: Lease): Promise<void> {
    const { database, adapters, gateway, resolver, recordings, log, jobs } = this.deps
    const endsAt = Date.now() + this.figures.deadlineMs
    const options = { requestId: randomUUID(), log: quiet(log, lease) }
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
      const settled = await recordings.finish(connection, lease, await attempt.tell(), options)
      if (settled) this.waiters.tell(settled)
    } catch (error) {
      const failure = attemptFailureOf(error)
      if (!failure) throw error
      const settled = await settleFailed(database, lease, {
        code: failure.code, detail: failure.detail, isFinal: failure.isFinal, activity: attempt.activity, uncertainty: attempt.uncertaintyAfter(failure),
        retryInMs: failure.waitsForConnection ? null : pauseAfter(lease.attempts, failure.retryAfterMs),
        giveUpAfterMs: this.figures.giveUpAfterMs,
      })
      if (!settled) return
      this.waiters.tell(settled)
      if (settled.nextAttemptAt) await jobs.wake('ledger-delivery', connection.id, settled.nextAttemptAt)
    }
  }
}

const quiet = (log: Logger, { id, kind, attempts }: Lease): Logger => log.child({ entry: id, kind, attempt: attempts })

/** An installation may allow its CRM more or fewer at once. */
export const maxParallelOf = (settings: Readonly<Record<string, unknown>>): number =>
  typeof settings['maxParallelDeliveries'] === 'number' ? settings['maxParallelDeliveries'] : defaultLaneParallel
