import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { countCalls, setManners } from '../crm/crm-control.js'
import { countUndelivered } from '../ledger-tables.js'
import type { WireSide } from '../load/jobs.js'
import { newKeys, startServer } from '../parts/server-process.js'
import { createDatabase } from '../postgres.js'
import { installCrm } from '../tenant.js'
import type { Observed } from './faults.js'
import { inWords, postCall, waitFor } from './observing.js'
import { startPeer } from './peer-process.js'
import { surfaceOf, variables, type Sides } from './sides.js'
import { logInByKey } from './wire-login.js'

const crmMs = 3000
/** Longer than a lease whose holder is dead. */
const settledWithinMs = 60_000

interface Mortal {
  readonly pid: number
  readonly url: string
  stop(): Promise<void>
  kill(): Promise<void>
}

/** Killed without warning while the CRM is being told of a call; started again; then the client sends the call once more. */
export async function observeKill({ stage, peer }: Sides): Promise<Observed[]> {
  const { crm } = stage
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-bench-kill-'))
  const observe = async (who: Observed['who'], start: () => Promise<Mortal>, toWire: (mortal: Mortal) => Promise<WireSide>, settle: () => Promise<unknown>): Promise<Observed> => {
    const first = await start()
    const side = await toWire(first)
    const before = await countCalls(crm.host)
    await setManners(crm.host, { activityMs: crmMs })
    const lost = postCall(side, 'killed')
    await waitFor(async () => (await countCalls(crm.host)).begun > before.begun, settledWithinMs)
    await first.kill()
    const answer = await lost
    const second = await start()
    const again = await postCall({ ...side, pid: second.pid, baseUrl: side.baseUrl.replace(first.url, second.url) }, 'killed')
    await setManners(crm.host, {})
    await settle()
    const { activities } = await countCalls(crm.host)
    await second.stop()
    return {
      fault: 'killed (-9) while the CRM is told of a call, then sent again', who,
      answers: `first: ${inWords(answer)}; again: ${inWords(again)}`, afterwards: `${String(activities - before.activities)} activities for one call`,
    }
  }

  const [database, keys] = [await createDatabase(), newKeys()]
  let adminKey: string | undefined
  try {
    return [
      await observe('peer', () => startPeer({ databaseUrl: peer.database.url, logFile: join(folder, 'peer.log') }), async ({ pid, url }) => ({ pid, baseUrl: url, token: peer.wire.token }), async () => {
        // Whatever the killed process had asked for is done by then.
        await waitFor(async () => { const { begun, activities } = await countCalls(crm.host); return begun === activities }, settledWithinMs)
      }),
      await observe('surface', async () => {
        const server = await startServer({ databaseUrl: database.url, crmHost: crm.host, logFile: join(folder, 'server.log'), keys, variables, ...(adminKey === undefined ? {} : { adminKey }) })
        adminKey = server.adminKey
        return server
      }, async mortal => {
        await installCrm({ ...mortal, adminKey: adminKey ?? '' }, crm.host, 'Killed')
        const baseUrl = surfaceOf(mortal.url)
        return { pid: mortal.pid, baseUrl, token: await logInByKey(baseUrl, crm.host, 'agent') }
      }, async () => {
        const client = new pg.Client({ connectionString: database.url })
        await client.connect()
        await waitFor(async () => await countUndelivered(client) === 0, settledWithinMs)
        await client.end()
      }),
    ]
  } finally {
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}
