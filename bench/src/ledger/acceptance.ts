import { compare, type Measured, type Side } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { createFloorTable, setPaused } from '../ledger-tables.js'
import { writeToFloor, writeToServer } from '../load/jobs.js'
import { loadTable, ratioTable } from '../load-tables.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage } from '../stage.js'
import { setUpLogging } from './logging-server.js'

const crmMs = 50

/** How fast call logs are accepted, against the floor: while nothing is delivered, and while as much is as the CRM allows. */
export const measureAcceptance = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const { client, connection, server, token } = await setUpLogging(stage, stage)
  await createFloorTable(client)
  await setManners(stage.crm.host, { activityMs: crmMs })
  const floor = await stage.startLedgerFloor(connection, false)
  const floorWithJobs = await stage.startLedgerFloor(connection, true)
  const sidesFor = (connections: number): Side[] => [
    { who: 'floor', job: writeToFloor(settings, floor, connections), prepare: async () => { await setPaused(client, true) } },
    { who: 'floor with a job each', job: writeToFloor(settings, floorWithJobs, connections), prepare: async () => { await setPaused(client, true) } },
    { who: 'delivery paused', job: writeToServer(settings, server, token, connections), prepare: async () => { await setPaused(client, true) } },
    { who: 'delivery running', job: writeToServer(settings, server, token, connections), prepare: async () => { await setPaused(client, false) } },
  ]
  // A process that has just started would make the first case the slowest.
  await compare(stage.load, 'unmeasured', 1, sidesFor(10))
  const measured: Measured[] = []
  for (const count of settings.connections) measured.push(...await compare(stage.load, 'PUT', settings.rounds, sidesFor(count)))
  return {
    measurements: measured,
    tables: [loadTable(`Accepting call logs; the CRM takes ${String(crmMs)} ms`, measured), ratioTable('Linefinder over the floor', measured)],
  }
})
