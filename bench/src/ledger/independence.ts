import { compare, summarise, type Measured, type Side } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { emptyLedger, setPaused } from '../ledger-tables.js'
import { writeToServer } from '../load/jobs.js'
import { loadTable } from '../load-tables.js'
import type { SuiteResult, Table } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage } from '../stage.js'
import { setUpLogging } from './logging-server.js'

/** What the CRM does meanwhile; the first is what the others are compared with. */
const manners = {
  'delivery paused': {},
  'CRM at 0 ms': {},
  'CRM at 50 ms': { activityMs: 50 },
  'CRM at 5 s': { activityMs: 5000 },
  'CRM down': { isDown: true },
}

/** Whether accepting depends on how the CRM does. */
export const measureIndependence = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const { client, server, token } = await setUpLogging(stage, stage)
  const sidesFor = (connections: number): Side[] => Object.entries(manners).map(([who, theirs], index) => ({
    who,
    job: writeToServer(settings, server, token, connections),
    prepare: async () => {
      await setManners(stage.crm.host, theirs)
      await setPaused(client, index === 0)
      await emptyLedger(client)
    },
  }))
  await compare(stage.load, 'unmeasured', 1, sidesFor(10).slice(0, 2))
  const measured: Measured[] = []
  for (const count of settings.connections) measured.push(...await compare(stage.load, 'PUT', settings.rounds, sidesFor(count)))
  return { measurements: measured, tables: [loadTable('Accepting call logs, whatever the CRM does', measured), overPaused(measured)] }
})

function overPaused(measured: readonly Measured[]): Table {
  return {
    title: 'Over delivery paused',
    columns: ['connections', 'who', 'req/s', 'p50', 'p99'],
    rows: measured.flatMap(each => {
      const paused = measured.find(other => other.connections === each.connections)
      if (!paused || paused === each) return []
      const [ours, least] = [summarise(each), summarise(paused)]
      return [[each.connections, each.who, ours.requestsPerSecond / least.requestsPerSecond, ours.p50Ms / least.p50Ms, ours.p99Ms / least.p99Ms]]
    }),
  }
}
