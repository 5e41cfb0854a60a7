import { randomUUID } from 'node:crypto'
import type { Dependencies } from '../dependencies.js'
import { maxParallelOf } from '../installations/max-parallel.js'
import type { WorkUnderWay } from '../work-under-way.js'
import type { Delivery, DeliveryFigures } from './delivery.js'
import type { GiveWay } from './give-way.js'
import { findLane, leaseDue, type Lane, type Lease } from './lease-statements.js'
import { kindsThatCanLook } from './tellers.js'

/** A lease outlives its attempt's deadline by this. */
const leaseMarginMs = 5000
/** After a failure that may pass: a CRM that is down is not asked by everyone at once, and one attempt that hangs does not stop the rest. */
const leastWindow = 2

/** For so long at most a process believes that a lane is closed, or that its settings are what they were. */
const rememberedMs = 1000

interface LaneState {
  /** Attempts that speak with the CRM. */
  calling: number
  /** Leases whose attempts have ended and are being written down. */
  readonly settling: Set<string>
  isFilling: boolean
  /** Something may have become due since it was last filled. */
  isPoked: boolean
  readonly first: Set<string>
  /** As it was last read, with the newest revision that this process has seen. */
  known?: { readonly lane: Lane; readonly until: number }
  /** Nobody asks before then. */
  closedUntil: number
  /** How many may be under way, at most what the installation allows: few after a failure that may pass, and twice as many after each success. */
  window: number
  /** The minute for which a retry has been booked with the job queue. */
  bookedFor?: string
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
  #resuming: NodeJS.Timeout | undefined

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'health' | 'jobs' | 'log' | 'isStopping'>,
    private readonly work: WorkUnderWay,
    private readonly delivery: Delivery,
    private readonly giveWay: GiveWay,
    private readonly figures: DeliveryFigures,
  ) {}

  /**
   * Something of the connection may be due; with `first`, the entry that somebody waits for. Returns at once, and asks nobody while the lane
   * is full, or was closed a moment ago: then it looks again once that moment is over.
   */
  poke(connectionId: string, first?: string): void {
    const state = this.#lanes.get(connectionId) ?? { calling: 0, settling: new Set(), isFilling: false, isPoked: false, first: new Set(), closedUntil: 0, window: Infinity }
    this.#lanes.set(connectionId, state)
    if (first !== undefined) state.first.add(first)
    state.isPoked = true
    const closedForMs = state.closedUntil - Date.now()
    if (closedForMs <= 0) this.#begin(connectionId, state)
    else state.reopening ??= setTimeout(() => {
      delete state.reopening
      this.#begin(connectionId, state)
    }, closedForMs + 1).unref()
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

  #begin(connectionId: string, state: LaneState): void {
    if (!state.isFilling && this.#wantsMore(state)) void this.work.track(this.#fill(connectionId, state))
  }

  /** Whether something may be due, and there is room as far as is known. A process that stops takes only what somebody waits for. */
  #wantsMore({ isPoked, known, calling, first, window }: LaneState): boolean {
    return isPoked && (!known || calling < Math.min(window, maxParallelOf(known.lane.settings))) && (first.size > 0 || !this.deps.isStopping())
  }

  async #fill(connectionId: string, state: LaneState): Promise<void> {
    state.isFilling = true
    try {
      while (this.#wantsMore(state)) {
        if (this.#running >= this.figures.maxParallel || (state.first.size === 0 && this.giveWay.allowed() <= 0)) {
          this.#queue.add(connectionId)
          this.#resuming ??= setTimeout(() => {
            this.#resuming = undefined
            this.#beginWaiting()
          }, this.giveWay.waitMs()).unref()
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

  async #take(connectionId: string, state: LaneState): Promise<void> {
    const { database, adapters } = this.deps
    const first = [...state.first]
    state.first.clear()
    const isRemembered = state.known !== undefined && state.known.until > Date.now()
    if (isRemembered && await this.#lease(state, first) !== 'changed') return
    const lane = await findLane(database, connectionId)
    if (lane?.isOpen) await adapters.ready(lane.tenantId)
    if (!lane?.isOpen || !adapters.has(lane.tenantId, lane.adapter)) {
      state.closedUntil = Date.now() + Math.min(rememberedMs, lane?.pausedForMs ?? rememberedMs)
      delete state.known
      return
    }
    if (lane.health.pausedUntil !== null) {
      await this.#try(state, lane, first)
      return
    }
    state.known = { lane, until: Date.now() + rememberedMs }
    // When it has changed once more, whoever has just taken leases looks again as they end.
    await this.#lease(state, first)
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
    const [lease] = lane ? (await this.#takeLeases(lane, state, first, 1)).leases : []
    if (!lane || !lease) {
      await health.noteNothing(id, tenantId)
      return
    }
    this.#running += 1
    void this.work.track(this.#run(lane, state, lease, true))
  }

  /** `changed`: the lane is not as it was read. */
  async #lease(state: LaneState, first: readonly string[]): Promise<'done' | 'changed'> {
    const { known } = state
    if (!known) return 'changed'
    const limit = Math.min(
      Math.min(maxParallelOf(known.lane.settings), state.window) - state.calling, this.figures.maxParallel - this.#running,
      this.deps.isStopping() ? first.length : Math.max(first.length, this.giveWay.allowed()),
    )
    if (limit <= 0) {
      state.isPoked = true
      for (const id of first) state.first.add(id)
      return 'done'
    }
    // Taken before it is known how many there are, so that lanes that ask at the same time do not exceed it together.
    this.#running += limit
    let taken = 0
    try {
      const { leases, revision } = await this.#takeLeases(known.lane, state, first, limit)
      taken = leases.length
      if (taken === 0) return revision === known.lane.revision ? 'done' : 'changed'
      const lane = { ...known.lane, revision }
      state.known = { ...known, lane }
      for (const lease of leases) {
        this.giveWay.noteDelivery()
        void this.work.track(this.#run(lane, state, lease, false))
      }
      // As many as were asked for: there may be more.
      if (taken === limit) state.isPoked = true
      return 'done'
    } finally {
      this.#running -= limit - taken
      this.#beginWaiting()
    }
  }

  #takeLeases(lane: Lane, { settling }: LaneState, first: readonly string[], limit: number): ReturnType<typeof leaseDue> {
    const { database, adapters } = this.deps
    return leaseDue(database, lane, {
      maxParallel: maxParallelOf(lane.settings), limit, first, ended: [...settling], requestId: randomUUID(),
      leaseMs: this.figures.deadlineMs + leaseMarginMs, canLookFor: kindsThatCanLook(adapters.get(lane.tenantId, lane.adapter)),
    })
  }

  /** What is known of a lane is kept for a moment, above all that it is closed. */
  #forgetIdle(connectionId: string, state: LaneState): void {
    if (state.calling > 0 || state.settling.size > 0 || state.isFilling || this.#lanes.get(connectionId) !== state) return
    const leftMs = Math.max(state.closedUntil, state.known?.until ?? 0) - Date.now()
    if (leftMs <= 0) this.#lanes.delete(connectionId)
    else state.forgetting ??= setTimeout(() => {
      delete state.forgetting
      this.#forgetIdle(connectionId, state)
    }, leftMs + 1).unref()
  }

  /** Lanes that found this process busy, while it is not. */
  #beginWaiting(): void {
    for (const connectionId of this.#queue) {
      if (this.#running >= this.figures.maxParallel || this.giveWay.allowed() <= 0) return
      this.#queue.delete(connectionId)
      this.poke(connectionId)
    }
  }

  async #run(connection: Lane, state: LaneState, lease: Lease, isAdmitted: boolean): Promise<void> {
    state.calling += 1
    let isCalling = true
    const hasAnswered = () => {
      if (!isCalling) return
      isCalling = false
      state.calling -= 1
      state.settling.add(lease.token)
      // The next one need not wait for this one's end to be written down.
      this.#begin(connection.id, state)
    }
    try {
      const { failure, nextAttemptAt } = await this.delivery.deliver(connection, lease, { isAdmitted, hasAnswered })
      if (failure === null) state.window *= 2
      // How the CRM fares is read again.
      else delete state.known
      if (failure === 'passing') state.window = leastWindow
      if (nextAttemptAt) await this.#book(connection, state, nextAttemptAt)
    } catch (error) {
      // Our own failure: the lease runs out, and the next attempt looks before it creates.
      this.deps.log.error({ err: error, entry: lease.id }, 'a delivery failed on our side')
    } finally {
      hasAnswered()
      state.settling.delete(lease.token)
      this.#running -= 1
      this.poke(connection.id)
      this.#forgetIdle(connection.id, state)
      this.#beginWaiting()
    }
  }

  /** The queue takes one wake-up a minute for each connection; rows say what is due, and who looks through them finds the rest. */
  async #book({ id }: Lane, state: LaneState, at: Date): Promise<void> {
    const minute = at.toISOString().slice(0, 16)
    if (state.bookedFor === minute) return
    state.bookedFor = minute
    await this.deps.jobs.wake('ledger-delivery', id, at)
  }
}
