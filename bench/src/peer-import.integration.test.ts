import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@linefinder/client'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
// As the suites run it: the parts start programs of their own folder.
import { countCalls } from '../dist/crm/crm-control.js'
import { startPart, type ForkedPart } from '../dist/parts/forked-part.js'
import { newKeys, startServer, type ServerProcess } from '../dist/parts/server-process.js'
import { ask, postCall } from '../dist/peer/observing.js'
import { hashKey, startPeer, type PeerProcess } from '../dist/peer/peer-process.js'
import { surfaceOf, variables } from '../dist/peer/sides.js'
import { logInByKey } from '../dist/peer/wire-login.js'
import { createDatabase, type BenchDatabase } from '../dist/postgres.js'

const canRun = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== '' && process.env['LINEFINDER_TEST_PEER'] === 'installed'
const executable = fileURLToPath(new URL('../../packages/linefinder/dist/main.js', import.meta.url))
const crmAdapter = fileURLToPath(new URL('../dist/crm/adapter.js', import.meta.url))

;(canRun ? describe : describe.skip)('a database that App Connect itself has filled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-peer-import-'))
  const keys = newKeys()
  let [theirs, ours]: BenchDatabase[] = []
  let crm: ForkedPart
  let peer: PeerProcess
  let server: ServerProcess
  let [token, installation] = ['', '']
  beforeAll(async () => {
    process.env['TEST_DATABASE_URL'] = process.env['LINEFINDER_TEST_POSTGRES']
    ;[theirs, ours] = await Promise.all([createDatabase(), createDatabase()])
    crm = await startPart('crm/main.js', { contacts: 1000, seed: 1 })
    peer = await startPeer({ databaseUrl: theirs.url, logFile: join(folder, 'peer.log') })
    token = await logInByKey(peer.url, crm.host, 'agent')
    for (const id of ['call-1', 'call-2', 'call-3']) expect(await postCall({ pid: peer.pid, baseUrl: peer.url, token }, id)).toMatchObject({ isSuccessful: true })
    server = await startServer({ databaseUrl: ours.url, crmHost: crm.host, logFile: join(folder, 'server.log'), keys, variables: { ...variables, LINEFINDER_APP_CONNECT_HASH_KEY: hashKey } })
    installation = (await createClient({ baseUrl: server.url, token: server.adminKey }).admin.installations.create({ body: { adapter: 'bench', name: 'The CRM', host: crm.host } })).id
  }, 120_000)
  afterAll(async () => {
    await Promise.all([peer?.stop(), server?.stop()])
    await crm?.stop()
    await Promise.all([theirs?.drop(), ours?.drop()])
    rmSync(folder, { recursive: true, force: true })
  })

  async function runImport(...args: string[]): Promise<string> {
    const child = spawn(process.execPath, [executable, 'import-app-connect', '--from', theirs?.url ?? '', '--installation', installation, ...args], {
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: ours?.url ?? '', LINEFINDER_KEYS: keys, LINEFINDER_ADAPTERS: crmAdapter, LINEFINDER_APP_CONNECT_HASH_KEY: hashKey }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { printed += chunk.toString() })
    const code = await new Promise<number | null>(resolve => { child.once('close', resolve) })
    return `${String(code)} ${printed}`
  }

  it('is taken over: its user, and every call with its activity', async () => {
    expect(await runImport('--dry-run')).toMatch(/^0 [^]*^Users: 1 new, 0 there already, 0 skipped$[^]*^Call logs: 3 new, 0 there already, 0 skipped$/m)
    expect(await runImport()).toMatch(/^0 [^]*^Users: 1 new, 0 there already, 0 skipped$[^]*^Call logs: 3 new, 0 there already, 0 skipped$/m)
    expect(await runImport()).toMatch(/^0 [^]*^Users: 0 new, 1 there already, 0 skipped$[^]*^Call logs: 0 new, 3 there already, 0 skipped$/m)
  }, 60_000)

  it('has what administrators have set, under the hash that the same RingCentral account has here', async () => {
    const [hashThere, hashHere] = await Promise.all([peer.url, surfaceOf(server.url)].map(async url => (JSON.parse((await ask(`${url}/userInfoHash?extensionId=2&accountId=1`)).text) as { accountId: string }).accountId))
    expect(hashHere).toBe(hashThere)
    await sql(theirs?.url, `INSERT INTO "adminConfigs" (id, "userSettings", "createdAt", "updatedAt") VALUES ('${String(hashThere)}', '{"autoLogCall": {"value": true}}', now(), now())`)
    expect(await runImport()).toMatch(/^0 [^]*^What administrators have set: 1 new, 0 there already, 0 skipped$/m)
    expect(await sql(ours?.url, `SELECT owner, value FROM settings WHERE name = 'imported-admin-settings'`)).toEqual([{ owner: `rc-account:${String(hashHere)}`, value: { userSettings: { autoLogCall: { value: true } } } }])
  }, 60_000)

  it('is known to App Connect’s client here, by the CRM’s ids, and nothing is logged again', async () => {
    const baseUrl = surfaceOf(server.url)
    const mine = { pid: server.pid, baseUrl, token: await logInByKey(baseUrl, crm.host, 'agent') }
    const before = await countCalls(crm.host)
    const { text } = await ask(`${baseUrl}/callLog?jwtToken=${mine.token}&sessionIds=call-1,call-2,call-9&requireDetails=false`)
    expect(JSON.parse(text)).toMatchObject({
      successful: true, logs: [{ sessionId: 'call-1', matched: true, logId: 'a1' }, { sessionId: 'call-2', matched: true, logId: 'a2' }, { sessionId: 'call-9', matched: false }],
    })
    expect((await postCall(mine, 'call-2')).text).toContain('"logId":"a2"')
    const patched = await ask(`${baseUrl}/callLog?jwtToken=${mine.token}`, {
      method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ sessionId: 'call-3', note: 'only a note' }),
    })
    expect(JSON.parse(patched.text)).toMatchObject({ successful: true, logId: 'a3', updatedNote: 'only a note' })
    const after = await countCalls(crm.host)
    // A change is an activity that is written, too; the generated CRM counts both, and gives new ids only to new ones.
    expect(after.begun - before.begun).toBe(2)
    expect((await postCall(mine, 'call-4')).text).toContain(`"logId":"a${String(after.activities + 1)}"`)
  }, 60_000)
})

async function sql(url: string | undefined, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client.query(text).then(({ rows }) => rows as unknown[]).finally(() => client.end())
}
