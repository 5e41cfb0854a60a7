import { randomUUID } from 'node:crypto'
import { CrmError, crmUser } from '@linefinder/core'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { Turns } from '../turns.js'
import { WorkUnderWay } from '../work-under-way.js'
import { connectionOf } from './connection-of.js'
import { claimProbes, type DueProbe } from './health-statements.js'

const claimedAtOnce = 50
const askedAtOnce = 4

/**
 * Asks CRMs who we are, where nobody else does: of connections that fail, so that they are well again without waiting for a
 * call, and once a day of idle ones whose credentials may run out, so that their agent hears of it before the next call.
 */
export class ConnectionProbe {
  readonly #work = new WorkUnderWay()
  readonly #turns = new Turns(askedAtOnce)
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models' | 'installations' | 'adapters' | 'gateway' | 'health' | 'log'>) {}

  /** Begins to look for what is due. */
  start(sweepMs = 30_000): void {
    const sweep = () => { this.sweep().catch((error: unknown) => { this.deps.log.error({ err: error }, 'connections could not be probed') }) }
    this.#timer = setInterval(sweep, sweepMs).unref()
    sweep()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Asks what is due now, and waits for the answers. */
  async sweep(): Promise<void> {
    await this.#work.track((async () => {
      const due = await claimProbes(this.deps.database, claimedAtOnce)
      await Promise.all(due.map(each => this.#turns.take(() => this.#probe(each))))
    })())
  }

  async idle(): Promise<void> {
    await this.#work.idle()
  }

  async #probe(due: DueProbe): Promise<void> {
    const { health, log } = this.deps
    try {
      const connection = await connectionOf(this.deps, due)
      if (due.state === 'healthy' && !(await this.#canRunOut(connection))) return
      if (!(await health.admit(due.tenantId, due.connectionId)).admitted) return
      if (await this.#isRefused(connection)) await health.noteRefused(due.connectionId, { connectedAt: due.connectedAt })
    } catch (error) {
      // Its installation is switched off, or its adapter is not hosted here.
      if (!(error instanceof CrmError)) log.error({ err: error, connection: due.connectionId }, 'a connection could not be probed')
    }
  }

  async #canRunOut(connection: CrmConnection): Promise<boolean> {
    const { type } = await this.deps.gateway.schemeOf(connection)
    return type === 'oauth2' || type === 'custom'
  }

  /** Every other outcome is noted by the gateway. */
  async #isRefused(connection: CrmConnection): Promise<boolean> {
    const { gateway, log } = this.deps
    try {
      await gateway.call(connection, { requestId: randomUUID(), log, isAdmitted: true }, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
      return false
    } catch (error) {
      if (!(error instanceof CrmError)) throw error
      return error.code === 'unauthorized'
    }
  }
}
