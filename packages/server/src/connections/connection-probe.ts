import { randomUUID } from 'node:crypto'
import { CrmError, crmUser, type CrmUser } from '@linefinder/core'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { Turns } from '../turns.js'
import { WorkUnderWay } from '../work-under-way.js'
import { connectionOf } from './connection-of.js'
import type { ConnectionService } from './connection-service.js'
import { isAwaiting } from './reported-account-statements.js'
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

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'models' | 'installations' | 'adapters' | 'gateway' | 'health' | 'log'>,
    private readonly connections: Pick<ConnectionService, 'noteReportedAccount' | 'noteCrmUser'>,
  ) {}

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
      const awaitsReport = await isAwaiting(this.deps.database, due.tenantId, due.connectionId)
      if (due.state === 'healthy' && !awaitsReport && !(await this.#canRunOut(connection))) return
      if (!(await health.admit(due.tenantId, due.connectionId)).admitted) return
      const user = await this.#identify(connection)
      if (user) await this.#note(connection, user, awaitsReport)
      else await health.noteRefused(due.connectionId, { connectedAt: due.connectedAt })
    } catch (error) {
      // Its installation is switched off, its adapter is not hosted here, or its CRM could not be asked.
      if (!(error instanceof CrmError)) log.error({ err: error, connection: due.connectionId }, 'a connection could not be probed')
    }
  }

  async #note(connection: CrmConnection, user: CrmUser, awaitsReport: boolean): Promise<void> {
    if (user.id === connection.crmUser?.id) {
      if (awaitsReport) await this.connections.noteReportedAccount(connection, user)
      await this.connections.noteCrmUser(connection, user)
    } else if (awaitsReport) {
      this.deps.log.warn({ connection: connection.id }, 'the CRM names another user than the import did')
    }
  }

  async #canRunOut(connection: CrmConnection): Promise<boolean> {
    const { type } = await this.deps.gateway.schemeOf(connection)
    return type === 'oauth2' || type === 'custom'
  }

  /** `null` when the credentials are refused; every other failure is noted by the gateway, and thrown. */
  async #identify(connection: CrmConnection): Promise<CrmUser | null> {
    const { gateway, log } = this.deps
    try {
      return await gateway.call(connection, { requestId: randomUUID(), log, isAdmitted: true }, crmUser, (adapter, ctx) => adapter.getUserInfo(ctx))
    } catch (error) {
      if (error instanceof CrmError && error.code === 'unauthorized') return null
      throw error
    }
  }
}
