import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { countCalls, setManners } from '../crm/crm-control.js'
import { copyWaiting, countUndelivered, createFloorTable, emptyLedger, setPaused, storeCalls } from '../ledger-tables.js'
import { forkProgram, nextMessage, stopChild } from '../parts/forked-part.js'
import { cpuMsOf } from '../parts/process-usage.js'
import { settle } from '../postgres.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage } from '../stage.js'
import { median } from '../statistics.js'
import { maxParallelDeliveries, setUpLogging, type LoggingServer } from './logging-server.js'

const crmMs = 50
const ideal = maxParallelDeliveries / crmMs * 1000

interface Round {
  readonly floorPerSecond: number
  readonly deliveredPerSecond: number
  readonly cpuMsPerDelivery: number | null
  /** Activities that the CRM counted. */
  readonly activities: number
}

/** How fast call logs that wait reach a CRM that takes its time and allows so many at once. */
export const measureDelivery = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const logging = await setUpLogging(stage, stage)
  await createFloorTable(logging.client)
  await setManners(stage.crm.host, { activityMs: crmMs })
  const rounds: Round[] = []
  for (let round = 0; round < settings.rounds; round++) rounds.push(await deliverAll(settings, logging, stage.crm.host))
  const of = (figure: (round: Round) => number | null) => median(rounds.map(round => figure(round) ?? NaN))
  const [floor, rate] = [of(({ floorPerSecond }) => floorPerSecond), of(({ deliveredPerSecond }) => deliveredPerSecond)]
  return {
    measurements: rounds,
    tables: [{
      title: `Delivering ${String(settings.deliveries)} call logs; the CRM takes ${String(crmMs)} ms and ${String(maxParallelDeliveries)} at once`,
      columns: ['who', 'delivered/s of each round', 'delivered/s', `of the ideal ${String(ideal)}`, 'of the floor', 'server CPU ms each', 'activities in the CRM, of each round'],
      rows: [
        ['floor', perSecond(rounds, ({ floorPerSecond }) => floorPerSecond), floor, floor / ideal, 1, null, null],
        [
          'linefinder', perSecond(rounds, ({ deliveredPerSecond }) => deliveredPerSecond), rate, rate / ideal, rate / floor,
          of(({ cpuMsPerDelivery }) => cpuMsPerDelivery), rounds.map(({ activities }) => String(activities)).join(' / '),
        ],
      ],
    }],
  }
})

const perSecond = (rounds: readonly Round[], figure: (round: Round) => number): string => rounds.map(round => String(Math.round(figure(round)))).join(' / ')

async function deliverAll({ deliveries }: Settings, { client, connection, database, server, token }: LoggingServer, crmHost: string): Promise<Round> {
  await setPaused(client, true)
  await emptyLedger(client)
  await storeCalls(client, connection, deliveries - 1, 'waiting')
  await copyWaiting(client)
  await settle(database.url)
  const floorSeconds = await secondsOfFloor(database.url, crmHost)
  // So that the server has noticed whatever was before.
  await wait(2000)
  const [before, cpu] = [await countCalls(crmHost), cpuMsOf(server.pid)]
  await setPaused(client, false)
  const startedAt = performance.now()
  // One more, so that nobody has to look for what is due.
  await fetch(`${server.url}/v1/call-logs/first`, {
    method: 'PUT', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ direction: 'inbound', from: { number: '+31201234567' }, to: { number: '+31413741741' }, startedAt: '2026-03-02T09:15:00Z' }),
  })
  while (await countUndelivered(client) > 0) await wait(100)
  const seconds = (performance.now() - startedAt) / 1000
  const [after, cpuAfter] = [await countCalls(crmHost), cpuMsOf(server.pid)]
  return {
    floorPerSecond: (deliveries - 1) / floorSeconds, deliveredPerSecond: deliveries / seconds, activities: after.activities - before.activities,
    cpuMsPerDelivery: cpu === null || cpuAfter === null ? null : (cpuAfter - cpu) / deliveries,
  }
}

async function secondsOfFloor(databaseUrl: string, crmHost: string): Promise<number> {
  const program = 'floor/delivery-main.js'
  const child = forkProgram(program, [JSON.stringify({ databaseUrl, crmHost, parallel: maxParallelDeliveries })])
  try {
    return z.number().parse(await nextMessage(child, program))
  } finally {
    await stopChild(child)
  }
}
