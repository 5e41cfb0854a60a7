import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { BenchError } from './bench-error.js'
import { ContactBook } from './crm/contact-book.js'
import type { LoggingConnection } from './ledger-tables.js'
import { startLoadClient, type LoadClient } from './load/load-client.js'
import { startPart, type ForkedPart } from './parts/forked-part.js'
import { startServer, type ServerProcess } from './parts/server-process.js'
import { installPeer } from './peer/peer-package.js'
import { startPeer, type PeerProcess } from './peer/peer-process.js'
import { createDatabase, type BenchDatabase } from './postgres.js'
import type { Settings } from './settings.js'

/** Everything that runs during a measurement, each in a process of its own. */
export interface Stage {
  readonly database: BenchDatabase
  readonly crm: ForkedPart
  readonly server: ServerProcess
  readonly load: LoadClient
  /** Starts the floor, or the floor behind some of our layers, on the server's tables. It ends with the stage. */
  startFloor(directoryId: string, layerCount?: number): Promise<ForkedPart>
  /** Another server for the same CRM, on a database of its own. It ends with the stage. */
  startAnother(variables?: ServerVariables): Promise<{ readonly database: BenchDatabase; readonly server: ServerProcess }>
  /** Starts the floor of the ledger, with or without a job for each call. It ends with the stage. */
  startLedgerFloor(connection: LoggingConnection, withJob: boolean): Promise<ForkedPart>
  /** The peer, on a database of its own. It ends with the stage. */
  startPeer(): Promise<{ readonly database: BenchDatabase; readonly peer: PeerProcess }>
  /** A connection to the database of a server. It ends with the stage. */
  openClient(database: BenchDatabase): Promise<pg.Client>
}

/** Of the environment, beside those that every server of the benchmark has. */
type ServerVariables = Readonly<Record<string, string>>

/** Puts the stage up, lets `work` measure on it, and takes it down, also when the process is told to stop. */
export async function onStage<Result>(settings: Settings, work: (stage: Stage) => Promise<Result>, variables: ServerVariables = {}): Promise<Result> {
  const endings: (() => unknown)[] = []
  const end = async () => { for (const ending of endings.splice(0).reverse()) await ending() }
  let onSignal = () => { /* Replaced at once. */ }
  const stopped = new Promise<never>((_, reject) => { onSignal = () => { reject(new BenchError('stopped', 'Stopped.')) } })
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const ending = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    endings.push(() => part.stop())
    return part
  }
  const run = async () => {
    refuseTooMany(settings)
    const database = await createDatabase()
    endings.push(() => database.drop())
    const logs = mkdtempSync(join(tmpdir(), 'linefinder-bench-'))
    endings.push(() => { rmSync(logs, { recursive: true }) })
    const crm = ending(await startPart('crm/main.js', { contacts: settings.contacts, seed: settings.seed }))
    const server = ending(await startServer({ databaseUrl: database.url, crmHost: crm.host, logFile: join(logs, 'server.log'), variables }))
    const load = ending(await startLoadClient(settings.seed))
    let servers = 1
    return await work({
      async startAnother(theirs = variables) {
        const another = await createDatabase()
        endings.push(() => another.drop())
        const logFile = join(logs, `server-${String(++servers)}.log`)
        return { database: another, server: ending(await startServer({ databaseUrl: another.url, crmHost: crm.host, logFile, variables: theirs })) }
      },
      startLedgerFloor: async (connection, withJob) => ending(await startPart('floor/ledger-main.js', { databaseUrl: database.url, connection, withJob })),
      async startPeer() {
        await installPeer()
        const theirs = await createDatabase()
        endings.push(() => theirs.drop())
        return { database: theirs, peer: ending(await startPeer({ databaseUrl: theirs.url, logFile: join(logs, 'peer.log') })) }
      },
      async openClient({ url }) {
        const client = new pg.Client({ connectionString: url })
        await client.connect()
        endings.push(() => client.end())
        return client
      },
      database, crm, server, load,
      startFloor: async (directoryId, layerCount = 0) =>
        ending(await startPart('floor/main.js', { databaseUrl: database.url, directoryId, layerCount }, join(logs, `floor-${String(layerCount)}.log`))),
    })
  }
  try {
    return await Promise.race([run(), stopped])
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await end()
  }
}

/** Unknown callers have numbers of the book too, as many as the contacts. */
function refuseTooMany({ contacts, seed }: Settings): void {
  const most = Math.floor(new ContactBook(seed).capacity / 2)
  if (contacts > most) throw new BenchError('too_many_contacts', `There are numbers for at most ${String(most)} contacts.`)
}
