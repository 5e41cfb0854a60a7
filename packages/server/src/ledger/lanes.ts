import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Dependencies } from '../dependencies.js'
import type { WorkUnderWay } from '../work-under-way.js'
import { Attempt, type CallCrm } from './attempt.js'
import type { ContactResolver } from './contact-resolver.js'
import { attemptFailureOf } from './delivery-error.js'
import { findLane, leaseDue, settleFailed, storeResolution, type Lane, type Lease } from './lease-statements.js'
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

/** For so long at most a process believes that a lane is closed, or that its settings are what they were. */
const rememberedMs = 1000

interface LaneState {
  running: number
  isFilling: boolean
  /** Something may have become due since it was last filled. */
  isPoked: boolean
  readonly first: Set<string>
  /** As it was last read, with the newest revision that this process has seen. */
  known?: { readonly lane: Lane; readonly until: number }
  /** Nobody asks before then. */
  closedUntil: number
  forgetting?: NodeJS.Timeout
  reopening?: NodeJS.Timeout
}

/**
 * Delivers what is due, longest due first, with so many attempts at once per connection: the rows say what is due, and leases of a
 * connection's entries are taken one after the other, so the limit holds over all processes.
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

  /**
   * Something of the connection may be due; with `first`, the entry that somebody waits for. Returns at once, and asks nobody while the lane
   * is full. One that was closed a moment ago is looked at again in a moment, and only for somebody who waits.
   */
  poke(connectionId: string, first?: string): void {
    const state = this.#lanes.get(connectionId) ?? { running: 0, isFilling: false, isPoked: false, first: new Set(), closedUntil: 0 }
    if (Date.now() < state.closedUntil) {
      if (first !== undefined) this.#pokeOnceOpen(connectionId, state, first)
      return
    }
    this.#lanes.set(connectionId, state)
    if (first !== undefined) state.first.add(first)
    state.isPoked = true
    if (!state.isFilling && this.#roomIn(state) > 0) void this.work.track(this.#fill(connectionId, state))
  }

  /** As `poke`, also of a lane that was closed: whoever calls has reason to think that it is open now. */
  wake(connectionId: string): void {
    const state = this.#lanes.get(connectionId)
    if (state) {
      state.closedUntil = 0
      delete state.known
    }
    this.poke(connectionId)
  }

  /** Somebody waits, and the lane may be open by then. */
  #pokeOnceOpen(connectionId: string, state: LaneState, first: string): void {
    state.first.add(first)
    state.reopening ??= setTimeout(() => {
      delete state.reopening
      this.poke(connectionId)
    }, state.closedUntil - Date.now() + 1).unref()
  }

  /** How many more of its entries may be under way here, as far as is known. Whoever ends one makes room and pokes. */
  #roomIn({ running, known }: LaneState): number {
    return known ? maxParallelOf(known.lane.settings) - running : Infinity
  }

  async #fill(connectionId: string, state: LaneState): Promise<void> {
    state.isFilling = true
    try {
      while (state.isPoked && this.#roomIn(state) > 0) {
        if (this.#running >= this.figures.maxParallel) {
          this.#queue.add(connectionId)
          return
        }
        state.isPoked = false
        await this.#take(connectionId, state)
      }
    } catch (error) {
      this.deps.log.error({ err: error }, 'what is due could not be taken')
    } finally {
      state.isFilling = false
      this.#forgetIdle(connectionId, state)
    }
  }

  /**
   * Takes leases and begins to deliver. When that fails with what is known of the lane, it is read again; when it fails once more although
   * nothing is known to stand in the way, somebody else has just taken leases, and looks again when they end.
   */
  async #take(connectionId: string, state: LaneState): Promise<void> {
    if (state.known && state.known.until < Date.now()) delete state.known
    const first = [...state.first]
    state.first.clear()
    if (await this.#lease(state, first)) return
    const lane = await findLane(this.deps.database, connectionId)
    if (!lane?.isOpen || !this.deps.adapters.has(lane.adapter)) {
      state.closedUntil = Date.now() + Math.min(rememberedMs, lane?.pausedForMs ?? rememberedMs)
      delete state.known
      return
    }
    const isAsKnown = state.known?.lane.revision === lane.revision
    state.known = { lane, until: Date.now() + rememberedMs }
    if (!isAsKnown) await this.#lease(state, first)
  }

  /** Whether it took any, or has found this process or the lane full meanwhile. */
  async #lease(state: LaneState, first: readonly string[]): Promise<boolean> {
    const { known } = state
    if (!known) return false
    const { database, adapters } = this.deps
    const maxParallel = maxParallelOf(known.lane.settings)
    const limit = Math.min(maxParallel - state.running, this.figures.maxParallel - this.#running)
    if (limit <= 0) {
      state.isPoked = true
      for (const id of first) state.first.add(id)
      return true
    }
    const taken = await leaseDue(database, known.lane, {
      maxParallel, limit, first, requestId: randomUUID(), leaseMs: this.figures.deadlineMs + leaseMarginMs,
      canLookFor: kindsThatCanLook(adapters.get(known.lane.adapter)),
    })
    if (!taken) return false
    const lane = { ...known.lane, revision: taken.revision }
    state.known = { ...known, lane }
    for (const lease of taken.leases) void this.work.track(this.#run(lane, state, lease))
    // As many as were asked for: there may be more.
    if (taken.leases.length === limit) state.isPoked = true
    return true
  }

  /** What is known of a lane is kept for a moment, above all that it is closed. */
  #forgetIdle(connectionId: string, state: LaneState): void {
    if (state.running > 0 || state.isPoked || state.isFilling || state.reopening) return
    const leftMs = Math.max(state.closedUntil, state.known?.until ?? 0) - Date.now()
    if (leftMs <= 0) this.#lanes.delete(connectionId)
    else state.forgetting ??= setTimeout(() => {
      delete state.forgetting
      this.#forgetIdle(connectionId, state)
    }, leftMs + 1).unref()
  }

  async #run(connection: Lane, state: LaneState, lease: Lease): Promise<void> {
    state.running += 1
    this.#running += 1
    try {
      await this.#attempt(connection, lease)
    } catch (error) {
      // Our own failure: the lease runs out, and the next attempt looks before it creates.
      this.deps.log.error({ err: error, entry: lease.id }, 'a delivery failed on our side')
    } finally {
      state.running -= 1
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
