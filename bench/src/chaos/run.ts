import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { BenchError } from '../bench-error.js'
import { createDraw } from '../crm/seeded.js'
import { countAttempts, countUndelivered, listCalls, listConnectionStates } from '../ledger-tables.js'
import { startCluster, type Cluster } from './cluster.js'
import { connectAgent } from './connect-agent.js'
import { countOutcome, type Counts } from './count.js'
import { startCrm, type CrmProcess, type Switches } from './crm-process.js'
import { findFreePort } from './free-port.js'
import { ServerPair } from './server-pair.js'
import { callIdOf, putsOf, writeCalls, type Progress } from './writers.js'

export interface ChaosPlan {
  readonly name: string
  readonly calls: number
  readonly kills: number
  readonly restarts: number
  /** Whether the adapter can look for an activity by our id. */
  readonly canFind: boolean
  /** How much later than it says the CRM shows what it has made. */
  readonly activityLagMs: number
  /** How long the CRM misbehaves in one way. */
  readonly modeMs: number
  /** Of a writer, between two PUTs. */
  readonly pauseMs: number
  readonly seed: number
}

export interface ChaosResult extends Counts {
  readonly name: string
  readonly startedAt: string
  readonly refused: readonly number[]
  /** PUTs that had to be sent again. */
  readonly repeatedPuts: number
  readonly kills: number
  readonly restarts: number
  readonly restartIs: string
  /** Until every PUT was acknowledged, and until everything was delivered. */
  readonly writingSeconds: number
  readonly seconds: number
  readonly undelivered: number
  /** A connection that needs to be renewed delivers nothing. */
  readonly connections: readonly string[]
  readonly attempts: Readonly<Record<string, number>>
}

const modes: readonly Switches['mode'][] = ['ok', 'error', 'rate_limited', 'reset_after_commit', 'hang']
const patienceMs = 300_000
const maxParallelDeliveries = 8
const deadlineSeconds = 5
const firstRetrySeconds = 0.5

const withoutFind = fileURLToPath(new URL('adapter-without-find.js', import.meta.url))

/** Everything that can break does so while calls are written; then it is counted what the CRM has. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-chaos-'))
  const endings: (() => unknown)[] = [() => { rmSync(folder, { recursive: true, force: true }) }]
  const end = async () => { for (const ending of endings.splice(0).reverse()) await ending() }
  let onSignal = () => { /* Replaced at once. */ }
  const stopped = new Promise<never>((_, reject) => { onSignal = () => { reject(new BenchError('stopped', 'Stopped.')) } })
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const run = async (): Promise<ChaosResult> => {
    const cluster = await startCluster()
    endings.push(() => cluster.stop())
    const port = await findFreePort()
    const crm = await startCrm(`http://127.0.0.1:${String(port)}/v1/oauth/callback`, join(folder, 'crm.log'))
    endings.push(() => crm.stop())
    const servers = await ServerPair.start({
      databaseUrl: cluster.url, crmHost: crm.host, adapter: plan.canFind ? '@linefinder/adapter-acme' : withoutFind, logFile: join(folder, 'server.log'),
      port, firstRetrySeconds, deadlineSeconds,
    })
    endings.push(() => servers.stop())
    return measure(plan, cluster, crm, servers)
  }
  try {
    return await Promise.race([run(), stopped])
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await end()
  }
}

async function measure(plan: ChaosPlan, cluster: Cluster, crm: CrmProcess, servers: ServerPair): Promise<ChaosResult> {
  const token = await connectAgent(servers.first, crm.host, maxParallelDeliveries)
  const progress: Progress = { acknowledged: 0, repeated: 0 }
  const [startedAt, began] = [new Date().toISOString(), performance.now()]
  const secondsSoFar = () => (performance.now() - began) / 1000
  let isWriting = true
  const trouble = Promise.all([
    misbehave(crm, cluster, plan, () => isWriting),
    hurt(plan, progress, cluster, servers, () => isWriting),
  ])
  const refused = await writeCalls(servers.urls, token, plan, progress)
  isWriting = false
  const writingSeconds = secondsSoFar()
  const [, done] = await trouble
  await servers.settled()

  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  try {
    const endsAt = Date.now() + patienceMs
    while (await countUndelivered(client) > 0 && Date.now() < endsAt) await wait(200)
    const seconds = secondsSoFar()
    const calls = new Map((await listCalls(client)).map(call => [call.key, call]))
    const stored = new Map(Array.from({ length: plan.calls }, (_, n) => [n, calls.get(callIdOf(n))] as const).flatMap(([n, call]) => call ? [[n, call] as const] : []))
    return {
      name: plan.name, startedAt, ...countOutcome(plan.calls, stored, await crm.listActivities()), refused, repeatedPuts: progress.repeated, ...done, restartIs: cluster.restartIs,
      writingSeconds, seconds, undelivered: await countUndelivered(client), attempts: await countAttempts(client),
      connections: await listConnectionStates(client),
    }
  } finally {
    await client.end()
  }
}

/**
 * The CRM fails in each way in turn while there is writing, and then works. The breaker would spare the ledger most of it, so its pauses are
 * forgotten at each turn.
 */
async function misbehave(crm: CrmProcess, cluster: Cluster, { activityLagMs, modeMs }: ChaosPlan, isWriting: () => boolean): Promise<void> {
  for (let turn = 0; isWriting(); turn += 1) {
    await crm.setSwitches({ mode: modes[turn % modes.length] ?? 'ok', activityLagMs })
    await forgetPauses(cluster)
    await wait(modeMs)
  }
  await crm.setSwitches({ mode: 'ok', activityLagMs })
}

/** While PostgreSQL restarts nothing is forgotten. */
async function forgetPauses({ url }: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(`UPDATE connections SET state = 'healthy', failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL WHERE state IN ('healthy', 'degraded')`)
  } catch { /* The next turn tries again. */ } finally {
    await client.end().catch(() => undefined)
  }
}

/** Kills servers and restarts PostgreSQL, spread over the writing. */
async function hurt(
  plan: ChaosPlan, progress: Progress, cluster: Cluster, servers: ServerPair, isWriting: () => boolean,
): Promise<{ kills: number; restarts: number }> {
  const draw = createDraw(plan.seed)
  const total = putsOf(plan.calls)
  const blows = [
    ...Array.from({ length: plan.kills }, (_, n) => ({ at: Math.floor((n + draw(1000) / 1000) / plan.kills * 0.95 * total), kind: 'kill' as const })),
    ...Array.from({ length: plan.restarts }, (_, n) => ({ at: Math.floor((n + 1) / (plan.restarts + 1) * total), kind: n % 2 === 0 ? 'immediate' as const : 'fast' as const })),
  ].sort((a, b) => a.at - b.at)
  let [kills, restarts] = [0, 0]
  for (const { at, kind } of blows) {
    while (progress.acknowledged < at && isWriting()) await wait(10)
    if (kind !== 'kill') {
      await cluster.restart(kind)
      restarts += 1
    } else {
      const index = draw(2)
      // Whichever is up; while both are starting, it waits.
      while (!(await servers.kill(index) || await servers.kill(1 - index))) await wait(50)
      kills += 1
    }
  }
  return { kills, restarts }
}
