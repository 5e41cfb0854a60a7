import type pg from 'pg'
import { findAgentsConnection, type LoggingConnection } from '../ledger-tables.js'
import type { ServerProcess } from '../parts/server-process.js'
import type { BenchDatabase } from '../postgres.js'
import type { Stage } from '../stage.js'
import { installCrm } from '../tenant.js'

/** How many deliveries the CRM's installation allows at once. */
export const maxParallelDeliveries = 20

/** A server whose one agent logs calls. */
export interface LoggingServer {
  readonly server: ServerProcess
  readonly database: BenchDatabase
  readonly client: pg.Client
  /** The agent's session. */
  readonly token: string
  readonly connection: LoggingConnection
}

export async function setUpLogging(stage: Stage, { database, server }: Pick<Stage, 'database' | 'server'>): Promise<LoggingServer> {
  const { token } = await installCrm(server, stage.crm.host, 'Logging', { maxParallelDeliveries })
  const client = await stage.openClient(database)
  return { server, database, client, token, connection: await findAgentsConnection(client) }
}
