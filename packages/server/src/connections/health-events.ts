import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { ProblemCode } from '@linefinder/core'
import type { Models } from '../database/models.js'
import type { ConnectionState } from './models.js'

/** Told of every change between `healthy`, `degraded` and `needs_reconnect`, and of a revoked connection that is back. Ending one is no event of its health. */
export interface HealthEvents {
  /** Behind the change, which stands whatever becomes of this. `errorCode` is what brought it about; `null` when all is well. */
  changed(connection: { readonly id: string; readonly tenantId: string }, from: ConnectionState, to: ConnectionState, errorCode: ProblemCode | null): Promise<void>
}

/** A line in the log, and an entry in the audit trail for what a person may want to look up. */
export const notedHealthEvents = (models: Models, log: Logger): HealthEvents => ({
  async changed({ id, tenantId }, from, to, errorCode) {
    log.info({ connection: id, tenant: tenantId, from, to, code: errorCode }, 'a connection changed its state')
    // A connect is noted as such.
    if (to === 'degraded' || from === 'revoked') return
    const action = to === 'healthy' ? 'connection.recovered' : 'connection.needs_reconnect'
    await models.audit.create({ id: randomUUID(), tenantId, actor: 'linefinder', action, subject: `connection:${id}`, details: { from, ...(errorCode === null ? {} : { code: errorCode }) } })
  },
})
