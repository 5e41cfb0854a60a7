import { compare, type Measured, type Side } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { writeToServer, writeToWire } from '../load/jobs.js'
import { loadTable } from '../load-tables.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { overPeer } from './ratios.js'
import { empty, emptied, setPeerKeeps, type Sides } from './sides.js'

/** Longer than the CRM takes behind everyone who waits. */
const waitSeconds = 30

/** Logging calls: answered with the CRM's id of the activity, as the peer does always; and answered before the CRM has been told. */
export async function measureCallLogs(settings: Settings, sides: Sides): Promise<SuiteResult> {
  const { stage: { load, crm }, peer, ours, atOnce } = sides
  await setPeerKeeps(peer, false)
  const sidesFor = (connections: number): Side[] => [
    emptied(sides, { who: 'peer', job: writeToWire(settings, peer.wire, connections, true) }),
    emptied(sides, { who: 'surface, with the CRM’s id', job: writeToWire(settings, ours.wire, connections, true) }),
    emptied(sides, { who: 'native, with the CRM’s id', job: writeToServer(settings, ours.server, ours.token, connections, waitSeconds) }),
    emptied(sides, { who: 'surface, at once', job: writeToWire(settings, atOnce.wire, connections, false) }),
    emptied(sides, { who: 'native, at once', job: writeToServer(settings, atOnce.server, atOnce.token, connections) }),
  ]
  await compare(load, 'unmeasured', 1, sidesFor(10))
  const measured: Measured[] = []
  for (const latency of settings.latencies) {
    await setManners(crm.host, { activityMs: latency })
    for (const connections of settings.connections) measured.push(...await compare(load, `POST callLog, CRM ${String(latency)} ms`, settings.rounds, sidesFor(connections)))
  }
  await setManners(crm.host, {})
  await empty(sides)
  return { measurements: measured, tables: [loadTable('Logging calls', measured), overPeer('Logging over the peer', measured)] }
}
