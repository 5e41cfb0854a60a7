import { createServer } from '@linefinder/server'
import type { Config } from '../config.js'
import { createLog, serverOptionsOf } from '../server-options.js'
import { stopOnSignal } from '../stop-on-signal.js'

/** Runs until told to stop. */
export async function start(config: Config): Promise<void> {
  const server = await createServer(await serverOptionsOf(config, createLog(config.LOG_LEVEL)))
  const firstKey = await server.services.tenants.ensureDefaults()
  if (firstKey !== null) console.error(`The first admin key of tenant "default", shown this once: ${firstKey}`)
  const url = await server.listen(config.PORT, config.HOST)
  stopOnSignal(() => server.stop())

  const metricsUrl = server.metricsUrl()
  console.error(`Linefinder is ready on ${url}. API: ${url}/docs${metricsUrl === null ? '' : `. Metrics: ${metricsUrl}`}`)
}
