import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database/open-database.js'
import { createApp } from './create-app.js'
import type { ConfiguredClient } from './oauth/clients.js'
import { seedDatabase } from './seed/seed-database.js'

export interface AcmeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** A folder, created when absent. Without it everything is in memory. */
  readonly dataDir?: string
  /** Where browsers and clients reach Acme when that is not `http://host:port`, such as behind a proxy. */
  readonly publicUrl?: string
  /** How many people an empty database is filled with; default 300. */
  readonly seedPeople?: number
  /** Users of an empty database beside the usual three; default 0. They have the same password. */
  readonly seedUsers?: number
  readonly oauthClients?: readonly ConfiguredClient[]
  /** Default 3600. */
  readonly accessTokenTtlSeconds?: number
  /** Needed as `X-Control-Key` at `/_control`. Without it only callers on this machine are let in. */
  readonly controlKey?: string
  readonly log?: (line: string) => void
}

export interface Acme {
  /** Without a slash at the end. */
  readonly url: string
  /** Cuts open requests off, and waits until the database is closed. */
  stop(): Promise<void>
}

export async function startAcme(options: AcmeOptions = {}): Promise<Acme> {
  const { port = 0, host = '127.0.0.1', dataDir, seedPeople = 300, seedUsers = 0 } = options
  const database = await openDatabase(dataDir)
  await seedDatabase(database, seedPeople, seedUsers)
  const server = createServer()
  await listen(server, port, host)
  const url = options.publicUrl?.replace(/\/+$/, '') ?? urlOf(server, host)
  const app = await createApp({
    database,
    publicUrl: url,
    oauthClients: options.oauthClients ?? [],
    accessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 3600,
    controlKey: options.controlKey,
    log: options.log ?? (() => undefined),
  })
  server.on('request', app)

  return {
    url,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await database.close()
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf(server: Server, host: string): string {
  // True because the server listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
