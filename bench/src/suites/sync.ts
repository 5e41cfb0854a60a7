import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readAllPages } from '../crm/crm-control.js'
import { copyIntoFloor, saveTables } from '../floor/copy-floor.js'
import { cpuMsOf, rssBytesOf, watchRss } from '../parts/process-usage.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage, type Stage } from '../stage.js'
import { median } from '../statistics.js'
import { fillDirectory, installCrm } from '../tenant.js'

interface SyncRound {
  readonly contacts: number
  readonly numbers: number
  readonly crmSeconds: number
  readonly floorSeconds: number
  readonly syncSeconds: number
  /** `null` where the system does not tell. */
  readonly rssIdleMb: number | null
  readonly rssMoreMb: number | null
  readonly syncCpuSeconds: number | null
}

/** A full sync through the server against a COPY of the rows that it wrote. Every round has a server and a database of its own. */
export async function measureSync(settings: Settings): Promise<SuiteResult> {
  const rounds: SyncRound[] = []
  for (let round = 0; round < settings.rounds; round++) rounds.push(await onStage(settings, measureRound))
  const of = (figure: (round: SyncRound) => number | null) => median(rounds.map(round => figure(round) ?? NaN))
  const rate = (seconds: (round: SyncRound) => number) => of(round => round.contacts / seconds(round))
  const [floor, synced] = [rate(({ floorSeconds }) => floorSeconds), rate(({ syncSeconds }) => syncSeconds)]
  return {
    measurements: rounds,
    tables: [
      {
        title: `Sync of ${String(settings.contacts)} contacts with ${String(of(({ numbers }) => numbers))} numbers`,
        columns: ['who', 'seconds of each round', 'contacts/s', 'of the floor'],
        rows: [
          ['the CRM alone, its pages read and parsed', secondsOf(rounds, ({ crmSeconds }) => crmSeconds), rate(({ crmSeconds }) => crmSeconds), null],
          ['floor: COPY of the same rows', secondsOf(rounds, ({ floorSeconds }) => floorSeconds), floor, 1],
          ['linefinder', secondsOf(rounds, ({ syncSeconds }) => syncSeconds), synced, synced / floor],
        ],
      },
      {
        title: 'The server meanwhile',
        columns: ['RSS idle, MB', 'RSS at most over idle, MB', 'CPU of the sync, s'],
        rows: [[of(({ rssIdleMb }) => rssIdleMb), of(({ rssMoreMb }) => rssMoreMb), of(({ syncCpuSeconds }) => syncCpuSeconds)]],
      },
    ],
  }
}

const idleMs = 2000

async function measureRound({ crm, database, server }: Stage): Promise<SyncRound> {
  // The first reader makes the CRM write its pages; those that follow are sent what it wrote.
  await readAllPages(crm.host)
  const crmSeconds = await secondsOfWork(() => readAllPages(crm.host))

  const installed = await installCrm(server, crm.host, 'With a directory')
  await wait(idleMs)
  const [rssIdle, cpuBefore] = [rssBytesOf(server.pid), cpuMsOf(server.pid)]
  const watch = watchRss(server.pid, 200)
  const startedAt = performance.now()
  const { contacts, numbers } = await fillDirectory(server, installed)
  const syncSeconds = (performance.now() - startedAt) / 1000
  const [rssMost, cpuAfter] = [watch.stop(), cpuMsOf(server.pid)]

  const folder = mkdtempSync(join(tmpdir(), 'linefinder-bench-copy-'))
  try {
    await saveTables(database.url, folder)
    return {
      contacts, numbers, crmSeconds, syncSeconds,
      floorSeconds: await copyIntoFloor(database.url, folder),
      rssIdleMb: rssIdle === null ? null : rssIdle / 2 ** 20,
      rssMoreMb: rssIdle === null || rssMost === null ? null : (rssMost - rssIdle) / 2 ** 20,
      syncCpuSeconds: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / 1000,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function secondsOfWork(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

const secondsOf = (rounds: readonly SyncRound[], figure: (round: SyncRound) => number): string =>
  rounds.map(round => figure(round).toFixed(1)).join(' / ')
