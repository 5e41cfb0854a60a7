import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { activity, CrmError, type Activity, type CallLogInput } from '@linefinder/core'
import type { CallLogPatch, CallLogResource } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type Caller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import type { CallLogKey, CallLogOwner, CallLogRow } from './call-log-row.js'
import { claimCallLog, findCallLog, listCallLogs, patchCallLog, type ListFilter } from './call-log-statements.js'
import { connectionOf } from '../connections/connection-of.js'
import { DeliveryFailed } from '../http/delivery-failed.js'
import { Delivery, type DeliveryFigures, type DeliveryOptions } from './delivery.js'
import { findDue, listDue, postpone } from './delivery-statements.js'
import { toResource } from './resource.js'
import { WorkUnderWay } from '../work-under-way.js'

export interface ListQuery extends Omit<ListFilter, 'after'> {
  readonly cursor?: string | undefined
}

const defaultGiveUpAfterMs = 72 * 3_600_000
/** Of all connections together, in one process. */
const parallelRetries = 8
const sweepSize = 200

/** The ledger: what the CRM shall know of each call, and whether it does. */
export class CallLogService {
  readonly #work = new WorkUnderWay()
  readonly #delivery: Delivery

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'links' | 'gateway' | 'installations' | 'models' | 'jobs' | 'log'>,
    figures: Partial<DeliveryFigures> = {},
  ) {
    this.#delivery = new Delivery(deps, this.#work, { deadlineMs: 10_000, giveUpAfterMs: defaultGiveUpAfterMs, ...figures })
  }

  /** Begins to try again what the CRM did not take, and to look after what nobody got to. Returns what ends it. */
  async start(sweepMs = 5000): Promise<() => void> {
    const { database, jobs, log } = this.deps
    await jobs.work('call-log-delivery', parallelRetries, id => this.#work.track(this.#retry(id)))
    const sweep = async () => {
      for (const id of await listDue(database, sweepSize)) await jobs.wake('call-log-delivery', id)
      jobs.lookNow('call-log-delivery')
    }
    const timer = setInterval(() => { sweep().catch((error: unknown) => { log.error({ err: error }, 'call logs could not be looked through') }) }, sweepMs).unref()
    return () => { clearInterval(timer) }
  }

  /**
   * Creates or replaces the log, then delivers it. The log is kept even when that fails (`DeliveryFailed`), and when the
   * client does not wait. Throws `owned_by_other`.
   */
  async put(caller: Caller, key: CallLogKey, content: CallLogInput, options: DeliveryOptions): Promise<{ callLog: CallLogResource; isCreated: boolean }> {
    return this.#work.track((async () => {
      const claim = { connectionId: caller.connection.id, content, actor: actorOf(caller) }
      const row = await claimCallLog(this.deps.database, ownerOf(caller), key, claim)
      if (!row) throw new ApiError('owned_by_other')
      return { callLog: await this.#deliver(caller, row, options), isCreated: row.isCreated }
    })())
  }

  /** Merges the patch into the log, then delivers it as `put` does. Throws `call_log_not_found` or `owned_by_other`. */
  async patch(caller: Caller, key: CallLogKey, patch: CallLogPatch, options: DeliveryOptions): Promise<CallLogResource> {
    return this.#work.track((async () => {
      const row = await patchCallLog(this.deps.database, ownerOf(caller), key, caller.connection.id, patch)
      return this.#deliver(caller, row ?? await this.#getOwn(caller, key), options)
    })())
  }

  /** Throws `call_log_not_found` or `owned_by_other`. */
  async get(caller: Caller, key: CallLogKey): Promise<CallLogResource> {
    return this.#resource(caller, await this.#getOwn(caller, key))
  }

  /** The log with what the CRM holds now; `null` when it has no activity. Throws `CrmError`. */
  async getWithActivity(caller: Caller, key: CallLogKey, options: DeliveryOptions & { signal: AbortSignal }): Promise<CallLogResource & { crmActivity: Activity | null }> {
    const row = await this.#getOwn(caller, key)
    if (!this.deps.adapters.get(caller.connection.adapter).getCallLog) throw new CrmError('unsupported')
    const { activity: ref } = row
    const crmActivity = ref && await this.deps.gateway.call(caller.connection, options, activity.nullable(),
      async ({ getCallLog }, ctx) => getCallLog?.(ctx, ref) ?? null)
    return { ...this.#resource(caller, row), crmActivity }
  }

  /** The caller's own, latest call first. */
  async list(caller: Caller, { cursor, ...filter }: ListQuery): Promise<{ items: CallLogResource[]; nextCursor: string | null }> {
    const [ms, id] = decodeCursor(cursor, sortKey) ?? []
    const after = id === undefined ? undefined : { startedAt: new Date(Number(ms)), id }
    const rows = await listCallLogs(this.deps.database, ownerOf(caller), { ...filter, after, limit: filter.limit + 1 })
    const page = rows.slice(0, filter.limit)
    const last = page.at(-1)
    return {
      items: page.map(row => this.#resource(caller, row)),
      nextCursor: last && rows.length > page.length ? encodeCursor([String(last.startedAt.getTime()), last.id]) : null,
    }
  }

  /** Resolves once no log is being delivered by this process. */
  async idle(): Promise<void> {
    await this.#work.idle()
  }

  async #deliver(caller: Caller, row: CallLogRow, options: DeliveryOptions): Promise<CallLogResource> {
    return this.#resource(caller, await this.#delivery.deliver(row, caller.connection, options))
  }

  /** Woken too early or twice, it does nothing: when it is due stands in the row. */
  async #retry(id: string): Promise<void> {
    const row = await findDue(this.deps.database, id)
    if (!row) return
    try {
      await this.#delivery.deliver(row, await connectionOf(this.deps, row), { requestId: randomUUID(), log: this.deps.log })
    } catch (error) {
      // Its connection has ended, or its installation is switched off.
      if (error instanceof CrmError) await postpone(this.deps.database, row)
      // A failed delivery stands in the row, with the time of the next.
      else if (!(error instanceof DeliveryFailed)) throw error
    }
  }

  async #getOwn(caller: Caller, key: CallLogKey): Promise<CallLogRow> {
    const owner = ownerOf(caller)
    const row = await findCallLog(this.deps.database, owner, key)
    if (!row) throw new ApiError('call_log_not_found')
    if (row.agentId !== null && row.agentId !== owner.agentId) throw new ApiError('owned_by_other')
    return row
  }

  #resource({ connection }: Caller, row: CallLogRow): CallLogResource {
    return toResource(row, row.activity ? this.deps.links.toActivity(connection, row.activity) : {})
  }
}

/** Start in milliseconds since the epoch, which has no odd years, and row id. */
const sortKey = z.tuple([z.string().regex(/^-?\d{1,15}$/), z.uuid()])

const ownerOf = ({ kind, tenantId, connection }: Caller): CallLogOwner =>
  ({ tenantId, crmAccountId: connection.crmAccountId, agentId: kind === 'key' ? null : connection.agentId })
