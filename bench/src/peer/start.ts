import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../chaos/free-port.js'
import { rssBytesOf } from '../parts/process-usage.js'
import { newKeys, startServer } from '../parts/server-process.js'
import { createDatabase } from '../postgres.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { median } from '../statistics.js'
import { startPeer, untilServes } from './peer-process.js'
import { variables, type Sides } from './sides.js'

const idleMs = 5000
const mib = 2 ** 20

interface Started {
  readonly who: 'peer' | 'linefinder'
  readonly firstAnswerMs: number
  readonly idleMb: number
}

/** From the start of the process to the first 200, on tables that are there; memory five seconds later; and of those that have been measured. */
export async function measureStart(settings: Settings, { stage, peer, ours }: Sides): Promise<SuiteResult> {
  const logFile = '/dev/null'
  const started: Started[] = []
  const [database, keys] = [await createDatabase(), newKeys()]
  // Makes the tables.
  const { adminKey, ...first } = await startServer({ databaseUrl: database.url, crmHost: stage.crm.host, logFile, keys, variables })
  await first.stop()
  const time = async (who: Started['who'], healthPath: string, start: (port: number) => Promise<{ pid: number; stop(): Promise<void> }>) => {
    const port = await findFreePort()
    const begunAt = performance.now()
    const [process, firstAnswerMs] = await Promise.all([start(port), untilServes(`http://127.0.0.1:${String(port)}${healthPath}`).then(() => performance.now() - begunAt)])
    await wait(idleMs)
    started.push({ who, firstAnswerMs, idleMb: (rssBytesOf(process.pid) ?? NaN) / mib })
    await process.stop()
  }
  for (let round = 0; round < Math.max(settings.rounds, 1); round++) {
    await time('peer', '/isAlive', port => startPeer({ databaseUrl: peer.database.url, logFile, port }))
    await time('linefinder', '/healthz', port => startServer({
      databaseUrl: database.url, crmHost: stage.crm.host, logFile, keys, adminKey, variables: { ...variables, PORT: String(port) },
    }))
  }
  await database.drop()
  const of = (who: Started['who'], figure: (each: Started) => number) => median(started.filter(each => each.who === who).map(figure))
  const loaded = { peer: (rssBytesOf(peer.process.pid) ?? NaN) / mib, linefinder: (rssBytesOf(ours.server.pid) ?? NaN) / mib }
  return {
    measurements: [...started, { who: 'both', loadedMb: loaded }],
    tables: [{
      title: 'Start and memory', columns: ['who', 'start to the first 200, ms', `idle after ${String(idleMs / 1000)} s, MB`, 'after what was measured before, MB'],
      rows: (['peer', 'linefinder'] as const).map(who => [who, of(who, each => each.firstAnswerMs), of(who, each => each.idleMb), loaded[who]]),
    }],
  }
}
