import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './create-app.js'
import { Records } from './records/records.js'
import { seedRecords } from './records/seed.js'

export interface AcmeLegacyOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Where everything is kept, one JSON document a line. Without it, in memory. */
  readonly file?: string
  /** IANA name of the zone in which the CRM tells the time. Default Europe/Amsterdam. */
  readonly timeZone?: string
  /** How many customers an empty CRM is filled with; default 120. */
  readonly seedCustomers?: number
  readonly log?: (line: string) => void
}

export interface AcmeLegacy {
  /** Without a slash at the end. */
  readonly url: string
  /** Cuts open requests off. */
  stop(): Promise<void>
}

export async function startAcmeLegacy(options: AcmeLegacyOptions = {}): Promise<AcmeLegacy> {
  const { port = 0, host = '127.0.0.1', file, timeZone = 'Europe/Amsterdam', seedCustomers = 120, log = () => undefined } = options
  const records = new Records(file)
  seedRecords(records, seedCustomers)
  const server = createServer(createApp({ records, timeZone, log }))
  await listen(server, port, host)
  return {
    url: urlOf(server, host),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
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
  return `http://${name.includes(':') ? `[${name}]` : name}:${String(port)}`
}
