import { setFlagsFromString } from 'node:v8'
import { createServer } from '@linefinder/server'
import type { Config } from '../config.js'
import { createLog, manifestUrlOf, serverOptionsOf } from '../server-options.js'
import { stopOnSignal } from '../stop-on-signal.js'

/**
 * How far the heap may grow beyond what was in use after the last collection before the next one. By itself V8 lets it grow by 300 when much is
 * allocated, on machines with much memory: 75 MB more of garbage under load than this, for a tenth less CPU.
 */
const heapGrowthPercent = 30

/** Runs until told to stop. */
export async function start(config: Config): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${String(heapGrowthPercent)}`)
  const server = await createServer(await serverOptionsOf(config, createLog(config.LOG_LEVEL)))
  const firstKey = await server.services.tenants.ensureDefaults()
  if (firstKey !== null) console.error(`The first admin key of tenant "default", shown this once: ${firstKey}`)
  const url = await server.listen(config.PORT, config.HOST)
  stopOnSignal(() => server.stop())

  const metricsUrl = server.metricsUrl()
  const manifestUrl = manifestUrlOf(config, config.PUBLIC_URL ?? url)
  const also = [metricsUrl === null ? '' : `. Metrics: ${metricsUrl}`, manifestUrl === null ? '' : `. App Connect: ${manifestUrl}`]
  console.error(`Linefinder is ready on ${url}. API: ${url}/docs${also.join('')}`)
}
