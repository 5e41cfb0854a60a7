import { BenchError } from './bench-error.js'
import { measureDeclarative } from './declarative/measure-declarative.js'
import { describeMachine } from './machine.js'
import { toMarkdown, writeReport, type SuiteResult } from './report.js'
import { readSettings, type Settings, type SuiteName } from './settings.js'
import { measureLayers } from './suites/layers.js'
import { measureLedger } from './suites/ledger.js'
import { measureLookup } from './suites/lookup.js'
import { measureParse } from './suites/parse.js'
import { measureSync } from './suites/sync.js'

const suites: Readonly<Record<SuiteName, (settings: Settings) => Promise<SuiteResult>>> = {
  lookup: measureLookup,
  layers: measureLayers,
  sync: measureSync,
  ledger: measureLedger,
  parse: measureParse,
  declarative: measureDeclarative,
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2))
  const startedAt = new Date().toISOString()
  const machine = await describeMachine()
  const report = { startedAt, machine, settings, ...await suites[settings.suite](settings) }
  console.log(toMarkdown(report))
  if (settings.out !== null) console.error(`\nEvery measurement: ${writeReport(settings.out, report)}`)
}

main().catch((error: unknown) => {
  console.error(error instanceof BenchError ? error.message : error)
  // Parts that were being started when it was stopped would keep it going.
  process.exit(1)
})
