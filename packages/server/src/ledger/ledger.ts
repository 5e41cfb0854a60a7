import { isDeepStrictEqual } from 'node:util'
import type { ContactService } from '../contacts/contact-service.js'
import type { Dependencies } from '../dependencies.js'
import { WriteBatch } from '../database/write-batch.js'
import type { WebhookEvents } from '../webhooks/webhook-service.js'
import { WorkUnderWay } from '../work-under-way.js'
import { claimEntries, nameOf, type Asked, type Claim, type Claimed, type ClaimMode } from './claim-statements.js'
import { ContactResolver } from './contact-resolver.js'
import { listDueConnections } from './due-statements.js'
import type { Entry, EntryKey, EntryKind, EntryOwner } from './entry.js'
import { Delivery, type DeliveryFigures } from './delivery.js'
import { GiveWay } from './give-way.js'
import { Lanes } from './lanes.js'
import { RecordingDelivery } from './recording-delivery.js'
import { Waiters } from './waiters.js'

const defaultFigures: DeliveryFigures = { deadlineMs: 10_000, firstRetryMs: 5000, giveUpAfterMs: 72 * 3_600_000, maxParallel: 64, busyFromPerSecond: 300, busyDeliveriesPerSecond: 20 }
const sweepSize = 500

/** What the CRM shall know of calls, messages and callbacks, and whether it does. */
export class Ledger {
  readonly #work = new WorkUnderWay()
  readonly #waiters: Waiters
  readonly #lanes: Lanes
  readonly #giveWay: GiveWay
  readonly #claims: Readonly<Record<ClaimMode, WriteBatch<Asked, Claimed<EntryKind> | undefined>>>

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'guard' | 'health' | 'jobs' | 'metrics' | 'isStopping' | 'log'>
      & { readonly contacts: ContactService; readonly webhooks: WebhookEvents },
    figures: Partial<DeliveryFigures> = {},
  ) {
    const claimsOf = (mode: ClaimMode) => new WriteBatch<Asked, Claimed<EntryKind> | undefined>({
      keyOf: ({ owner, key, claim }) => nameOf(owner, key, claim.kind),
      write: claims => claimEntries(deps.database, claims, mode),
      isRepeated: (earlier, later) => isDeepStrictEqual([earlier.owner, earlier.claim], [later.owner, later.claim]),
      answerRepeated: row => row && { ...row, isCreated: false },
    })
    this.#claims = { put: claimsOf('put'), create: claimsOf('create') }
    this.#waiters = new Waiters(deps.database)
    const all = { ...defaultFigures, ...figures }
    const delivery = new Delivery({ ...deps, resolver: new ContactResolver(deps), recordings: new RecordingDelivery(deps, this.#waiters) }, this.#waiters, all)
    this.#giveWay = new GiveWay(all)
    this.#lanes = new Lanes(deps, this.#work, delivery, this.#giveWay, all)
  }

  /** Begins to try again what the CRM did not take, and to look after what nobody got to. Returns what ends it. */
  async start(sweepMs = 5000): Promise<() => void> {
    const { database, jobs, log } = this.deps
    await jobs.work('ledger-delivery', 2, async connectionId => { this.#lanes.wake(connectionId) })
    const sweep = async () => {
      for (const id of await listDueConnections(database, sweepSize)) await jobs.wake('ledger-delivery', id)
      jobs.lookNow('ledger-delivery')
    }
    const timer = setInterval(() => { sweep().catch((error: unknown) => { log.error({ err: error }, 'the ledger could not be looked through') }) }, sweepMs).unref()
    return () => { clearInterval(timer) }
  }

  /** As `claimEntries`, in one statement with what others claim at the same time. It is kept once this resolves. */
  async claim<Kind extends EntryKind>(owner: EntryOwner, key: EntryKey, claim: Claim<Kind>, mode: ClaimMode = 'put'): Promise<Claimed<Kind> | undefined> {
    this.#giveWay.noteClaim()
    // The row has the kind that was claimed: it is part of its name.
    return this.#claims[mode].add({ owner, key, claim }) as Promise<Claimed<Kind> | undefined>
  }

  /**
   * Begins to deliver an entry that was accepted, and returns it once it is delivered, could not be, or `waitMs` have passed. With 0
   * it returns at once.
   */
  async deliver<Row extends Entry>(entry: Row, waitMs: number): Promise<Row> {
    if (entry.status === 'delivered') return entry
    const poke = () => { this.#lanes.poke(entry.connectionId, waitMs > 0 ? entry.id : undefined) }
    const waiting = waitMs > 0 ? this.#waiters.wait(entry, waitMs, poke) : entry
    poke()
    return waiting
  }

  /** Something of the connection is due, and its CRM can be told again. */
  wake(connectionId: string): void {
    this.#lanes.wake(connectionId)
  }

  /** Resolves once this process delivers nothing. */
  async idle(): Promise<void> {
    await this.#work.idle()
  }
}
