import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '@linefinder/client'
import pg from 'pg'
// As the suites run it: the parts start programs of their own folder.
import { ContactBook } from '../dist/crm/contact-book.js'
import { countCalls, setManners } from '../dist/crm/crm-control.js'
import { startPart, type ForkedPart } from '../dist/parts/forked-part.js'
import { newKeys, startServer, type ServerProcess } from '../dist/parts/server-process.js'
import { createDatabase, type BenchDatabase } from '../dist/postgres.js'
import { installCrm, type Installed } from '../dist/tenant.js'

const contacts = 200_000
const seed = 3
const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''

;(hasPostgres ? describe : describe.skip)('several processes, a real PostgreSQL and a CRM of 200,000 contacts', () => {
  let database: BenchDatabase
  let crm: ForkedPart
  let servers: ServerProcess[] = []
  let installed: Installed
  let environment: Parameters<typeof startServer>[0]
  beforeAll(async () => {
    database = await createDatabase()
    crm = await startPart('crm/main.js', { contacts, seed })
    environment = { databaseUrl: database.url, crmHost: crm.host, logFile: join(mkdtempSync(join(tmpdir(), 'linefinder-kill-')), 'server.log'), keys: newKeys() }
    const first = await startServer(environment)
    servers = [first]
    environment = { ...environment, adminKey: first.adminKey }
    installed = await installCrm(first, crm.host, 'Generated')
  }, 60_000)
  afterAll(async () => {
    await Promise.all(servers.map(server => server.stop()))
    await crm.stop()
    await database.drop()
    rmSync(join(environment.logFile, '..'), { recursive: true })
  })

  const directoryAt = (server: ServerProcess) => createClient({ baseUrl: server.url, token: installed.token }).directory.get()
  async function until<Found>(look: () => Promise<Found | null>): Promise<Found> {
    for (;;) {
      const found = await look()
      if (found !== null) return found
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  it('killed with -9 in the middle of a sync, it goes on where it was, and the directory equals the CRM exactly', async () => {
    const [first] = servers
    const { admin } = createClient({ baseUrl: first!.url, token: first!.adminKey })
    await admin.directories.switchOn({ params: { id: installed.sharedConnection }, body: {} })
    const before = await until(async () => {
      const { progress } = await directoryAt(first!)
      return (progress?.contacts ?? 0) >= contacts / 4 ? progress : null
    })
    await first!.kill()
    expect(before?.contacts).toBeLessThan(contacts)

    // Two that want it: one works, and the other finds it taken.
    servers = await Promise.all([startServer(environment), startServer(environment)])
    const after = await until(async () => {
      const now = await directoryAt(servers[0]!)
      if (now.state === 'failed') throw new Error(JSON.stringify(now.lastResult))
      return now.isComplete ? now : null
    })
    const book = new ContactBook(seed)
    const expected = new Map(Array.from({ length: contacts }, (_, index) => [book.idAt(index), book.numbersAt(index).sort().join(' ')]))
    expect(after).toMatchObject({ state: 'ready', contacts, numbers: [...expected.values()].flatMap(numbers => numbers.split(' ')).length, unreadableNumbers: [] })
    // Nothing was read twice but the pages that were on their way when it died.
    const { pages } = await countCalls(crm.host)
    process.stdout.write(`Killed at ${String(before?.contacts)} of ${String(contacts)} contacts; ${String(pages)} pages were asked for in all, of ${String(contacts / 1000)}.\n`)
    expect(after.lastResult?.pages).toBe(contacts / 1000)
    expect(pages).toBeLessThanOrEqual(contacts / 1000 + 3)

    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query<{ id: string; keys: string }>(`SELECT contact_id AS id, string_agg(key, ' ' ORDER BY key COLLATE "C") AS keys FROM directory_numbers GROUP BY contact_id`)
    const stored = await client.query<{ count: string }>('SELECT count(*) AS count FROM directory_contacts')
    await client.end()
    expect(Number(stored.rows[0]?.count)).toBe(contacts)
    expect(rows.filter(({ id, keys }) => expected.get(id) !== keys)).toEqual([])
    expect(rows).toHaveLength(contacts)
  }, 300_000)

  it('ask the CRM once for one number that nobody knows, whichever of them is asked', async () => {
    const { token } = await installCrm(servers[0]!, crm.host, 'Without a directory')
    await setManners(crm.host, { searchMs: 300 })
    const before = await countCalls(crm.host)
    const [number = ''] = new ContactBook(seed).numbersAt(7)
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) =>
      createClient({ baseUrl: servers[index % 2]!.url, token }).contacts.find({ query: { phone: number, deadline_ms: 20_000 } })))
    expect(new Set(answers.map(({ contacts: [first] }) => first?.id))).toEqual(new Set([new ContactBook(seed).idAt(7)]))
    expect((await countCalls(crm.host)).searches - before.searches).toBe(1)
  }, 60_000)
})
