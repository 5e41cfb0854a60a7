import { failureTables } from '../load-tables.js'
import type { Measured } from '../comparison.js'
import { measureCallLogs } from '../peer/call-logs.js'
import { measureContacts } from '../peer/contacts.js'
import { observeFaults } from '../peer/faults.js'
import { setUpSides, variables, type Sides } from '../peer/sides.js'
import { measureStart } from '../peer/start.js'
import { measureStored } from '../peer/stored.js'
import { measureUnasked } from '../peer/unasked.js'
import type { SuiteResult } from '../report.js'
import type { PeerPart, Settings } from '../settings.js'
import { onStage } from '../stage.js'

const parts: Readonly<Record<PeerPart, (settings: Settings, sides: Sides) => Promise<SuiteResult>>> = {
  contacts: measureContacts,
  unasked: measureUnasked,
  'call-logs': measureCallLogs,
  stored: measureStored,
  start: measureStart,
  faults: observeFaults,
}

/** Linefinder beside App Connect's own server: the same CRM, the same PostgreSQL, the same questions, in one run. */
export const measurePeer = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const sides = await setUpSides(stage)
  const results: SuiteResult[] = []
  for (const name of settings.peerParts) results.push(await parts[name](settings, sides).catch(notMeasured(name)))
  const measurements = results.flatMap(({ measurements: each }, index) => each.map(measured => ({ part: settings.peerParts[index], ...measured as object })))
  return { measurements, tables: [...results.flatMap(({ tables }) => tables), ...failureTables(measurements.filter(isLoad))] }
}, variables)

/** What the other parts have measured in half an hour is not lost for it; the run has failed all the same. */
const notMeasured = (part: PeerPart) => (error: unknown): SuiteResult => {
  process.exitCode = 1
  return { measurements: [], tables: [{ title: `Not measured: ${part}`, columns: ['why'], rows: [[error instanceof Error ? error.message : String(error)]] }] }
}

const isLoad = (measured: object): measured is Measured & { part: PeerPart } => 'rounds' in measured
