import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { BenchError } from '../bench-error.js'
import { describeMachine } from '../machine.js'
import { tableToMarkdown } from '../report.js'
import { runChaos, type ChaosPlan, type ChaosResult } from './run.js'

const runs: readonly Pick<ChaosPlan, 'name' | 'canFind' | 'activityLagMs'>[] = [
  { name: 'the adapter can look for what it made', canFind: true, activityLagMs: 0 },
  { name: 'it cannot (no findCallLog)', canFind: false, activityLagMs: 0 },
  { name: 'it can, but the CRM shows it a minute later than the adapter says', canFind: true, activityLagMs: 60_000 },
]

const toNumber = (text: string): number => {
  const number = Number(text)
  if (text.trim() === '' || !Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

async function main(): Promise<void> {
  const program = new Command('chaos')
    .description('Kills servers, restarts PostgreSQL and lets the CRM fail while calls are logged, and counts what was lost or doubled.')
    .option('--calls <count>', 'calls, each with three edits', toNumber, 2000)
    .option('--kills <count>', 'how often a server is killed with -9', toNumber, 10)
    .option('--restarts <count>', 'how often PostgreSQL is restarted', toNumber, 2)
    .option('--runs <list>', 'which of the three: 1, 2, 3', text => text.split(',').map(toNumber), runs.map((_, index) => index + 1))
    .option('--seed <seed>', 'when and whom it hits follows from it', toNumber, 1)
    .option('--out <folder>', 'where the result goes as JSON', 'bench/results')
    .parse()
  const { runs: wanted, out, ...size } = program.opts<{ calls: number; kills: number; restarts: number; runs: number[]; seed: number; out: string }>()
  const results: ChaosResult[] = []
  for (const number of wanted) {
    const run = runs[number - 1]
    if (!run) throw new BenchError('wrong_answer', `There is no run ${String(number)}.`)
    results.push(await runChaos({ ...run, ...size, modeMs: 1500, pauseMs: 80 }))
    console.log(JSON.stringify(results.at(-1)))
  }
  console.log(tableToMarkdown({
    title: `Chaos: ${String(size.calls)} calls`,
    columns: ['run', 'acknowledged', 'activities', 'with the last edit', 'lost', 'doubled', 'outdated', 'undelivered', 'kills', 'restarts', 'PUTs sent again', 'seconds'],
    rows: results.map(each => [
      each.name, each.acknowledged, each.activities, each.withLastEdit, each.lost, each.doubled, each.outdated, each.undelivered, each.kills, each.restarts, each.repeatedPuts, each.seconds,
    ]),
  }))
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'chaos.json'), `${JSON.stringify({ machine: await describeMachine(), size, results }, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error instanceof BenchError ? error.message : error)
  process.exit(1)
})
