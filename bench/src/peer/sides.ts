import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { BenchError } from '../bench-error.js'
import type { Side } from '../comparison.js'
import { dropUndelivered, emptyLedger } from '../ledger-tables.js'
import type { WireSide } from '../load/jobs.js'
import type { ServerProcess } from '../parts/server-process.js'
import { settle, type BenchDatabase } from '../postgres.js'
import type { Stage } from '../stage.js'
import { fillDirectory, installCrm } from '../tenant.js'
import type { PeerProcess } from './peer-process.js'
import { emptyPeerCalls, emptyPeerContacts, setAccount } from './peer-tables.js'
import { logInByKey } from './wire-login.js'

/** The most that an installation may allow; the peer has no limit at all. */
const maxParallelDeliveries = 50
/** Of a server of ours: where it speaks as App Connect does. */
export const surfaceOf = (url: string): string => `${url}/app-connect`

/** What a server of ours gets: its surface waits so long for the CRM before it answers. */
const waitingFor = (deliveryWaitMs: number) => ({ LINEFINDER_APP_CONNECT: 'on', LINEFINDER_APP_CONNECT_OPTIONS: JSON.stringify({ deliveryWaitMs }) })
export const variables = waitingFor(10_000)
const answersAtOnce = waitingFor(0)

export interface PeerSide {
  readonly process: PeerProcess
  readonly database: BenchDatabase
  readonly client: pg.Client
  readonly wire: WireSide
}

/** A server of ours with the directory filled, and its surface for App Connect's client. */
export interface OurSide {
  readonly server: ServerProcess
  readonly database: BenchDatabase
  readonly client: pg.Client
  /** A session of the native API. */
  readonly token: string
  readonly wire: WireSide
}

export interface Sides {
  readonly stage: Stage
  readonly peer: PeerSide
  /** Answers with the CRM's id of the activity. */
  readonly ours: OurSide
  /** Answers before the CRM has been told. */
  readonly atOnce: OurSide
}

export async function setUpSides(stage: Stage): Promise<Sides> {
  const { crm } = stage
  const ourSide = async ({ server, database }: Pick<Stage, 'server' | 'database'>): Promise<OurSide> => {
    const installed = await installCrm(server, crm.host, 'Beside the peer', { maxParallelDeliveries })
    await fillDirectory(server, installed)
    const baseUrl = surfaceOf(server.url)
    await settle(database.url)
    return { server, database, client: await stage.openClient(database), token: installed.token, wire: { pid: server.pid, baseUrl, token: await logInByKey(baseUrl, crm.host, 'agent') } }
  }
  const { database, peer } = await stage.startPeer()
  const client = await stage.openClient(database)
  return {
    stage,
    peer: { process: peer, database, client, wire: { pid: peer.pid, baseUrl: peer.url, token: await logInByKey(peer.url, crm.host, 'agent') } },
    ours: await ourSide(stage),
    atOnce: await ourSide(await stage.startAnother(answersAtOnce)),
  }
}

/** Nothing is stored on any side, and nobody still delivers what another was measured by. */
export async function empty({ peer, ours, atOnce }: Sides): Promise<void> {
  await emptyPeerCalls(peer.client)
  for (const { client } of [ours, atOnce]) await emptyLedger(client)
}

const lookEveryMs = 250
const quietLooks = 4
const quietWithinMs = 120_000

/**
 * Takes away what a round has left to deliver, and waits until nobody works on it any more: a server also goes on with requests whose client is gone. Throws
 * `still_busy` after two minutes.
 */
export async function untilQuiet({ peer, ours, atOnce }: Sides): Promise<void> {
  for (const { client } of [ours, atOnce]) await dropUndelivered(client)
  const endsAt = performance.now() + quietWithinMs
  for (let quiet = 0; quiet < quietLooks; await wait(lookEveryMs)) {
    if (performance.now() > endsAt) throw new BenchError('still_busy', 'two minutes after a round somebody still works on it')
    const busy = await Promise.all([peer, ours, atOnce].map(({ client }) => countStatements(client)))
    quiet = busy.every(count => count === 0) ? quiet + 1 : 0
  }
}

/** That others run in the client's database now. */
async function countStatements(client: pg.Client): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`)
  return row?.count ?? 0
}

/** Whether the peer asks the CRM each time, or keeps what it has found for good. */
export async function setPeerKeeps(peer: PeerSide, keeps: boolean): Promise<void> {
  await setAccount(peer.client, keeps ? 'bench-account' : null)
  await emptyPeerContacts(peer.client)
}

const settlingSeconds = 2
/** Further away than the rounds of any case are from each other. */
const settlingSeed = 100_000

/**
 * With the tables emptied before each round. What is written then is not measured until PostgreSQL has statistics of them, as it has by itself within
 * a minute: until then it scans tables that it believes to be empty.
 */
export const emptied = (sides: Sides, each: Omit<Side, 'prepare'>): Side => ({
  ...each,
  async prepare() {
    const { stage: { load }, peer, ours, atOnce } = sides
    await empty(sides)
    await load.run({ ...each.job, warmUpSeconds: 0, length: { seconds: settlingSeconds }, questions: { ...each.job.questions, seed: each.job.questions.seed + settlingSeed } })
    for (const { client } of [peer, ours, atOnce]) await client.query('ANALYZE')
  },
})
