import type { Logger } from 'pino'
import { CrmError, type CrmErrorCode, type ProblemCode } from '@linefinder/core'
import type { Database } from '../database/database.js'
import { problemCodeOf } from '../http/problem.js'
import type { HealthEvents } from './health-events.js'
import { askForTrial, closeBreaker, countFailure, giveTrialBack, markRefused, probeSoon, type BreakerFigures, type Refused, type Standing, type Transition } from './health-statements.js'
import type { ConnectionState } from './models.js'

/** What is read together with a connection, so that a call over one that is well costs no statement more. */
export interface HealthAsRead {
  readonly state: ConnectionState
  /** One after another, of those that count. */
  readonly failures: number
  /** Also after it has passed, until the CRM has answered again. */
  readonly pausedUntil: Date | null
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAt: Date }

const breaker: BreakerFigures = { failures: 5, firstPauseSeconds: 5, longestPauseSeconds: 300 }
/** Longer than any call takes, so that a trial is given away again only when its holder is dead or found nothing out. */
const trialSeconds = 75
/** When to ask again while somebody else tries. */
const retrySeconds = 5

/** How connections fare with their CRMs, by what calls over them come to. All of it stands in their rows, so it holds for every process. */
export class ConnectionHealth {
  readonly #noted = new WeakSet<CrmError>()
  /** Connections over which this process may be trying: what was read of them before says nothing of it. */
  readonly #trials = new Set<string>()

  constructor(private readonly database: Database, private readonly events: HealthEvents, private readonly log: Logger) {}

  /** A pause that the CRM asked for runs on; whatever else spoke against it is forgotten. */
  async noteSuccess(connectionId: string, tenantId: string): Promise<void> {
    this.#trials.delete(connectionId)
    await this.#tell(await closeBreaker(this.database, tenantId, connectionId), null)
  }

  /**
   * Counts what says that the CRM is down or wants to be left alone. An answer about one record is none: it is as good as a
   * success. The same error object counts once, so passing on what `CrmGateway.call` threw changes nothing.
   */
  async noteFailure(connectionId: string, tenantId: string, error: CrmError): Promise<void> {
    if (this.#noted.has(error)) return
    this.#noted.add(error)
    this.#trials.delete(connectionId)
    if (isAnswer(error)) {
      await this.noteSuccess(connectionId, tenantId)
    } else if (countsAgainst(error)) {
      const code = problemCodeOf(error)
      const isAskedFor = error.code === 'rate_limited' || error.retryAfterMs !== undefined
      await this.#tell(await countFailure(this.database, tenantId, connectionId, { code, isAskedFor, retryAfterMs: error.retryAfterMs }, breaker), code)
    } else {
      if (error.code === 'unauthorized') await probeSoon(this.database, tenantId, connectionId)
      await this.noteNothing(connectionId, tenantId)
    }
  }

  /** Nothing is known against the connection, by what was read of it, so a success need not be noted. */
  isCalm(connectionId: string, { state, failures }: HealthAsRead): boolean {
    return state === 'healthy' && failures === 0 && !this.#trials.has(connectionId)
  }

  /** The call ended without a word on how the CRM fares, such as when its caller hung up; or an admitted one is not made after all. */
  async noteNothing(connectionId: string, tenantId: string): Promise<void> {
    this.#trials.delete(connectionId)
    await giveTrialBack(this.database, tenantId, connectionId)
  }

  /**
   * Whether background work may call the CRM now. Once a pause is over one caller of all processes is admitted, and the
   * others when that one has come back well. Ask right before the call, and say so to the gateway (`isAdmitted`).
   */
  async admit(tenantId: string, connectionId: string): Promise<Admission> {
    const standing = await this.#ask(tenantId, connectionId)
    if (!standing || standing.isOpen || standing.isTrial) return { admitted: true }
    return { admitted: false, retryAt: new Date(Date.now() + standing.waitMs) }
  }

  /**
   * The same for somebody who waits for the answer: fails fast with `rate_limited` or `unavailable`. When the CRM asked for the
   * pause, it has also said when it is over, so nobody waits for another's trial.
   */
  async admitInteractive(tenantId: string, connectionId: string): Promise<void> {
    const standing = await this.#ask(tenantId, connectionId)
    if (!standing || standing.isOpen || standing.isTrial || standing.pausedBy === 'crm' && standing.isOver) return
    throw new CrmError(standing.pausedBy === 'crm' ? 'rate_limited' : 'unavailable', { retryAfterMs: standing.waitMs })
  }

  /** The CRM refuses the credentials for good: only a person can mend that. */
  async noteRefused(connectionId: string, refused: Refused): Promise<void> {
    await this.#tell(await markRefused(this.database, connectionId, refused), 'needs_reconnect')
  }

  /** For a connection that its CRM user has renewed. Call it behind the transaction. */
  async noteRenewed(transition: Transition): Promise<void> {
    await this.#tell(transition, null)
  }

  async #ask(tenantId: string, connectionId: string): Promise<Standing | undefined> {
    const standing = await askForTrial(this.database, tenantId, connectionId, trialSeconds, retrySeconds)
    if (standing?.isTrial) this.#trials.add(connectionId)
    return standing
  }

  async #tell(transition: Transition | undefined, errorCode: ProblemCode | null): Promise<void> {
    if (!transition || transition.from === transition.to) return
    const { from, to, ...connection } = transition
    try {
      await this.events.changed(connection, from, to, errorCode)
    } catch (error) {
      this.log.error({ err: error, connection: connection.id, from, to }, 'a change of state could not be told')
    }
  }
}

/** The CRM itself has looked at the request and refuses this one, so it is well. */
export const isAnswer = ({ code, crmStatus }: CrmError): boolean => crmStatus !== undefined && refusals.has(code)

const countsAgainst = ({ code }: CrmError): boolean => code === 'rate_limited' || outages.has(code)

const refusals: ReadonlySet<CrmErrorCode> = new Set(['rejected', 'not_found', 'conflict', 'forbidden'] as const)
const outages: ReadonlySet<CrmErrorCode> = new Set(['unreachable', 'unavailable', 'timeout', 'server_error', 'connection_lost'] as const)
