import { createServer, type LinefinderServer } from '@linefinder/server'
import type { Config } from '../config.js'
import { createLog, serverOptionsOf } from '../server-options.js'

/** A server that neither listens nor works on what is queued, for one command. */
export async function withServer(config: Config, work: (server: LinefinderServer) => Promise<void>): Promise<void> {
  const server = await createServer({ ...await serverOptionsOf(config, createLog('error')), runsJobs: false })
  try {
    await work(server)
  } finally {
    await server.stop()
  }
}
