import { randomUUID } from 'node:crypto'
import type { Dependencies } from '../dependencies.js'
import { maxParallelOf } from '../installations/max-parallel.js'
import type { WorkUnderWay } from '../work-under-way.js'
import type { Delivery, DeliveryFigures } from './delivery.js'
import { findLane, leaseDue, type Lane, type Lease } from './lease-statements.js'
import { kindsThatCanLook } from './tellers.js'

/** A lease outlives its attempt's deadline by this. */
const leaseMarginMs = 5000

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
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'health' | 'isStopping' | 'log'>,
    private readonly work: WorkUnderWay,
    private readonly delivery: Delivery,
    private readonly figures: DeliveryFigures,
  ) {}

  /**
   * Something of the connection may be due; with `first`, the entry that somebody waits for. Returns at once, and asks nobody while the lane
   * is full, or was closed a moment ago: then it looks again once that moment is over.
   */
  poke(connectionId: string, first?: string): void {
    const state = this.#lanes.get(connectionId) ?? { running: 0, isFilling: false, isPoked: false, first: new Set(), closedUntil: 0 }
    this.#lanes.set(connectionId, state)
    if (first !== undefined) state.first.add(first)
    state.isPoked = true
    const closedForMs = state.closedUntil - Date.now()
    if (closedForMs > 0) {
      state.reopening ??= setTimeout(() => {
        delete state.reopening
        if (!this.deps.isStopping()) this.poke(connectionId)
      }, closedForMs).unref()
      return
    }
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
    if (lane.health.pausedUntil !== null) {
      await this.#try(state, lane, first)
      return
    }
    const isAsKnown = state.known?.lane.revision === lane.revision
    state.known = { lane, until: Date.now() + rememberedMs }
    if (!isAsKnown) await this.#lease(state, first)
  }

  /** The pause is over: of all processes one makes one attempt, and when that goes well the lane is open. */
  async #try(state: LaneState, { id, tenantId }: Lane, first: readonly string[]): Promise<void> {
    const { database, health } = this.deps
    delete state.known
    const admission = await health.admit(tenantId, id)
    if (!admission.admitted) {
      state.closedUntil = Math.min(admission.retryAt.getTime(), Date.now() + rememberedMs)
      return
    }
    const lane = await findLane(database, id)
    const lease = lane && await this.#takeLeases(lane, first, 1)
    if (lane && lease?.leases[0]) void this.work.track(this.#run(lane, state, lease.leases[0], true))
    else await health.noteNothing(id, tenantId)
  }

  /** Whether it took any, or has found this process or the lane full meanwhile. */
  async #lease(state: LaneState, first: readonly string[]): Promise<boolean> {
    const { known } = state
    if (!known) return false
    const limit = Math.min(maxParallelOf(known.lane.settings) - state.running, this.figures.maxParallel - this.#running)
    if (limit <= 0) {
      state.isPoked = true
      for (const id of first) state.first.add(id)
      return true
    }
    const taken = await this.#takeLeases(known.lane, first, limit)
    if (!taken) return false
    const lane = { ...known.lane, revision: taken.revision }
    state.known = { ...known, lane }
    for (const lease of taken.leases) void this.work.track(this.#run(lane, state, lease, false))
    // As many as were asked for: there may be more.
    if (taken.leases.length === limit) state.isPoked = true
    return true
  }

  #takeLeases(lane: Lane, first: readonly string[], limit: number): ReturnType<typeof leaseDue> {
    const { database, adapters } = this.deps
    return leaseDue(database, lane, {
      maxParallel: maxParallelOf(lane.settings), limit, first, requestId: randomUUID(), leaseMs: this.figures.deadlineMs + leaseMarginMs,
      canLookFor: kindsThatCanLook(adapters.get(lane.adapter)),
    })
  }

  /** What is known of a lane is kept for a moment, above all that it is closed. */
  #forgetIdle(connectionId: string, state: LaneState): void {
    if (state.running > 0 || state.isPoked || state.isFilling) return
    const leftMs = Math.max(state.closedUntil, state.known?.until ?? 0) - Date.now()
    if (leftMs <= 0) this.#lanes.delete(connectionId)
    else state.forgetting ??= setTimeout(() => {
      delete state.forgetting
      this.#forgetIdle(connectionId, state)
    }, leftMs + 1).unref()
  }

  async #run(connection: Lane, state: LaneState, lease: Lease, isAdmitted: boolean): Promise<void> {
    state.running += 1
    this.#running += 1
    try {
      if (!await this.delivery.deliver(connection, lease, isAdmitted)) delete state.known
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
}
