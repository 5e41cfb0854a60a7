import { z } from 'zod'
import { activity, CrmError, type Activity, type CallLogInput } from '@linefinder/core'
import type { CallLogPatch, CallLogResource } from '@linefinder/core/api'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import { actorOf, type Caller } from '../http/caller.js'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import type { CallLogKey, CallLogOwner, CallLogRow } from './call-log-row.js'
import { claimCallLog, findCallLog, listCallLogs, patchCallLog, type ListFilter } from './call-log-statements.js'
import { Delivery, type DeliveryOptions } from './delivery.js'
import { toResource } from './resource.js'
import { WorkUnderWay } from '../work-under-way.js'

export interface ListQuery extends Omit<ListFilter, 'after'> {
  readonly cursor?: string | undefined
}

/** The ledger: what the CRM shall know of each call, and whether it does. */
export class CallLogService {
  readonly #work = new WorkUnderWay()
  readonly #delivery: Delivery

  /** `deadlineMs` is for a whole delivery, waiting for another's included. */
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'links' | 'gateway'>, { deadlineMs = 10_000 } = {}) {
    this.#delivery = new Delivery(deps, this.#work, deadlineMs)
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
