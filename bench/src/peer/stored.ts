import { compare, type Measured, type Side } from '../comparison.js'
import { findAgentsConnection, storeCalls } from '../ledger-tables.js'
import { writeToWire } from '../load/jobs.js'
import { loadTable } from '../load-tables.js'
import { settle } from '../postgres.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { storePeerCalls } from './peer-tables.js'
import { overPeer } from './ratios.js'
import { empty, untilQuiet, type Sides } from './sides.js'

/** The peer looks through all that are stored, and answers a request in seconds. */
const timesAsLong = 5

/** Logging calls where many are stored already, on all sides; answered with the CRM's id, and before the CRM has been told. */
export async function measureStored(given: Settings, sides: Sides): Promise<SuiteResult> {
  const settings = { ...given, seconds: given.seconds * timesAsLong }
  const { stage, peer, ours, atOnce } = sides
  await empty(sides)
  await storePeerCalls(peer.client, settings.stored)
  for (const { client } of [ours, atOnce]) await storeCalls(client, await findAgentsConnection(client), settings.stored, 'delivered')
  for (const { url } of [peer.database, ours.database, atOnce.database]) await settle(url)
  const prepare = () => untilQuiet(sides)
  const sidesFor = (connections: number): Side[] => [
    { who: 'peer', job: writeToWire(settings, peer.wire, connections, true), prepare },
    { who: 'surface, with the CRM’s id', job: writeToWire(settings, ours.wire, connections, true), prepare },
    { who: 'surface, at once', job: writeToWire(settings, atOnce.wire, connections, false), prepare },
  ]
  const measured: Measured[] = []
  for (const connections of settings.connections) measured.push(...await compare(stage.load, `POST callLog, ${String(settings.stored)} stored`, settings.rounds, sidesFor(connections)))
  await empty(sides)
  return { measurements: measured, tables: [loadTable('Logging calls among stored ones', measured), overPeer('Logging among stored calls over the peer', measured)] }
}
