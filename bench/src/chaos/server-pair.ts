import { setTimeout as wait } from 'node:timers/promises'
import { newKeys, startServer, type ServerProcess } from '../parts/server-process.js'
import { findFreePort } from './free-port.js'

export interface PairParts {
  readonly databaseUrl: string
  readonly crmHost: string
  readonly adapter: string
  readonly logFile: string
  /** Of the first: browsers come back to it. */
  readonly port: number
  /** Set for the run, so that it does not take hours. */
  readonly firstRetrySeconds: number
  readonly deadlineSeconds: number
}

/** Two server processes on one database. They keep their addresses when they are killed and started again. */
export class ServerPair {
  readonly #servers: (ServerProcess | null)[]
  readonly #starting = new Set<Promise<void>>()

  private constructor(readonly first: ServerProcess, second: ServerProcess, private readonly restart: (index: number) => Promise<ServerProcess>, readonly urls: readonly string[]) {
    this.#servers = [first, second]
  }

  static async start(parts: PairParts): Promise<ServerPair> {
    const keys = newKeys()
    const ports = [parts.port, await findFreePort()]
    const start = (index: number, adminKey?: string) => startServer({
      databaseUrl: parts.databaseUrl, crmHost: parts.crmHost, adapter: parts.adapter, logFile: parts.logFile, keys,
      ...(adminKey === undefined ? {} : { adminKey }),
      variables: {
        PORT: String(ports[index]), PUBLIC_URL: `http://127.0.0.1:${String(parts.port)}`,
        LINEFINDER_FIRST_RETRY_SECONDS: String(parts.firstRetrySeconds), LINEFINDER_DELIVERY_DEADLINE_SECONDS: String(parts.deadlineSeconds),
      },
    })
    const first = await start(0)
    const startAgain = (index: number) => start(index, first.adminKey)
    return new ServerPair(first, await startAgain(1), startAgain, ports.map(port => `http://127.0.0.1:${String(port)}`))
  }

  /** Kills one with -9 and begins to start it again. `false` when it is not up. */
  async kill(index: number): Promise<boolean> {
    const server = this.#servers[index]
    if (!server) return false
    this.#servers[index] = null
    await server.kill()
    const started = this.#startAgain(index).finally(() => this.#starting.delete(started))
    this.#starting.add(started)
    return true
  }

  /** PostgreSQL may be away as well, and then a server that begins ends again. */
  async #startAgain(index: number): Promise<void> {
    for (let tries = 0; tries < 20; tries += 1) {
      try {
        this.#servers[index] = await this.restart(index)
        return
      } catch {
        await wait(500)
      }
    }
    throw new Error('a killed server did not come back')
  }

  /** Resolves once both are up. */
  async settled(): Promise<void> {
    await Promise.all(this.#starting)
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#starting)
    await Promise.all(this.#servers.map(server => server?.kill()))
  }
}
