import { measureAcceptance } from '../ledger/acceptance.js'
import { measureDelivery } from '../ledger/delivery.js'
import { measureBacklog, measureStored } from '../ledger/fullness.js'
import { measureIndependence } from '../ledger/independence.js'
import { failureTables } from '../load-tables.js'
import type { Measured } from '../comparison.js'
import type { SuiteResult } from '../report.js'
import type { LedgerPart, Settings } from '../settings.js'

const parts: Readonly<Record<LedgerPart, (settings: Settings) => Promise<SuiteResult>>> = {
  acceptance: measureAcceptance,
  independence: measureIndependence,
  delivery: measureDelivery,
  stored: measureStored,
  backlog: measureBacklog,
}

/** What the ledger takes and delivers under load. Every part has a server and a database of its own. */
export async function measureLedger(settings: Settings): Promise<SuiteResult> {
  const results: SuiteResult[] = []
  for (const name of settings.parts) results.push(await parts[name](settings))
  const measurements = results.flatMap(({ measurements: each }, index) => each.map(measured => ({ part: settings.parts[index], ...measured as object })))
  return { measurements, tables: [...results.flatMap(({ tables }) => tables), ...failureTables(measurements.filter(isLoad))] }
}

const isLoad = (measured: object): measured is Measured & { part: LedgerPart } => 'rounds' in measured
