import { compare, summarise, type Measured, type Side } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { setPaused, storeCalls } from '../ledger-tables.js'
import { readFromServer, writeToServer } from '../load/jobs.js'
import { loadTable } from '../load-tables.js'
import { settle } from '../postgres.js'
import type { SuiteResult, Table } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage, type Stage } from '../stage.js'
import { setUpLogging, type LoggingServer } from './logging-server.js'

const crmMs = 50
const fewCalls = 1000

/** Two servers, each with its own tables: one with few call logs, one with many. */
async function setUpBoth(stage: Stage, many: number, state: 'waiting' | 'delivered'): Promise<{ few: LoggingServer; full: LoggingServer }> {
  const few = await setUpLogging(stage, stage)
  const full = await setUpLogging(stage, await stage.startAnother())
  for (const { client } of [few, full]) await setPaused(client, true)
  await setManners(stage.crm.host, { activityMs: crmMs })
  await storeCalls(few.client, few.connection, fewCalls, 'delivered')
  await storeCalls(full.client, full.connection, fewCalls, 'delivered')
  await storeCalls(full.client, full.connection, many - fewCalls, state, fewCalls)
  for (const { database } of [few, full]) await settle(database.url)
  return { few, full }
}

/** Whether writing and reading slow down with what is stored. */
export const measureStored = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const { few, full } = await setUpBoth(stage, settings.stored, 'delivered')
  const named = `${String(settings.stored)} stored`
  const writes = (connections: number): Side[] => [
    { who: 'empty', job: writeToServer(settings, few.server, few.token, connections) },
    { who: named, job: writeToServer(settings, full.server, full.token, connections) },
  ]
  const reads = (connections: number): Side[] => [
    { who: 'empty', job: readFromServer(settings, few.server, few.token, connections, fewCalls) },
    { who: named, job: readFromServer(settings, full.server, full.token, connections, settings.stored) },
  ]
  await compare(stage.load, 'unmeasured', 1, [...writes(10), ...reads(10)])
  const measured: Measured[] = []
  for (const count of settings.connections) {
    measured.push(...await compare(stage.load, 'PUT', settings.rounds, writes(count)), ...await compare(stage.load, 'GET', settings.rounds, reads(count)))
  }
  return { measurements: measured, tables: [loadTable('Among stored call logs', measured), overFirst(`${named} over empty`, measured)] }
})

/** Whether writing slows down while many wait for their delivery: none of them delivered, and as many as the CRM allows. */
export const measureBacklog = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const { few, full } = await setUpBoth(stage, settings.backlog, 'waiting')
  const named = `${String(settings.backlog)} undelivered`
  const sidesFor = (connections: number, isPaused: boolean): Side[] => [few, full].map(({ server, token }, index) => ({
    who: index === 0 ? 'empty' : named,
    job: writeToServer(settings, server, token, connections),
    prepare: async () => {
      // Only the one that is measured delivers meanwhile.
      await setPaused(few.client, isPaused || index === 1)
      await setPaused(full.client, isPaused || index === 0)
    },
  }))
  await compare(stage.load, 'unmeasured', 1, sidesFor(10, true))
  const measured: Measured[] = []
  for (const count of settings.connections) {
    for (const [name, isPaused] of [['paused', true], ['delivering', false]] as const) {
      measured.push(...await compare(stage.load, name, settings.rounds, sidesFor(count, isPaused)))
    }
  }
  return { measurements: measured, tables: [loadTable('Behind a backlog', measured), overFirst(`${named} over empty`, measured)] }
})

/** Sides come in pairs. */
function overFirst(title: string, measured: readonly Measured[]): Table {
  return {
    title, columns: ['case', 'connections', 'req/s', 'p50', 'p99', 'server CPU'],
    rows: measured.flatMap((each, index) => {
      const first = measured[index - 1]
      if (index % 2 === 0 || !first) return []
      const [ours, least] = [summarise(each), summarise(first)]
      return [[
        each.case, each.connections, ours.requestsPerSecond / least.requestsPerSecond, ours.p50Ms / least.p50Ms, ours.p99Ms / least.p99Ms,
        ours.serverCpuMsPerRequest / least.serverCpuMsPerRequest,
      ]]
    }),
  }
}
