import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '@linefinder/example-acme-crm'
import { createClient } from '@linefinder/client'
import { KeyRing } from '@linefinder/server'
import { acmeClient, acmeControl, acmeStats, adminKeyIn, connectUser, installAcme, type Connected } from './testing/acme-tenant.js'
import { createPostgresDatabase, hasPostgres } from './testing/postgres.js'
import { findFreePort, startProcess, type ServerProcess } from './testing/processes.js'

const call = {
  direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' },
  startedAt: '2026-03-02T09:15:00+01:00', durationSeconds: 118, result: 'answered', contactId: 'p_1001',
} as const

;(hasPostgres ? describe : describe.skip)('two server processes on one PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  let acme: Acme
  let processes: [ServerProcess, ServerProcess]
  let ann: Connected
  let environment: Record<string, string>

  beforeAll(async () => {
    database = await createPostgresDatabase()
    const [acmePort, port] = [await findFreePort(), await findFreePort()]
    environment = {
      DATABASE_URL: database.url, LINEFINDER_KEYS: KeyRing.newKey('k1'),
      PUBLIC_URL: `http://127.0.0.1:${String(port)}`, LINEFINDER_PRIVATE_ORIGINS: `http://127.0.0.1:${String(acmePort)}`,
    }
    acme = await startAcme({
      port: acmePort, oauthClients: [{ ...acmeClient, redirectUris: [`http://127.0.0.1:${String(port)}/v1/oauth/callback`] }],
    })
    // Both at once on an empty database: one of them makes the tables, the tenant and the key.
    processes = await Promise.all([startProcess({ ...environment, PORT: String(port) }), startProcess(environment)])
    const outputs = processes.map(each => each.output()).filter(output => output.includes('lfk_'))
    expect(outputs).toHaveLength(1)
    const installation = await installAcme(processes[0].url, adminKeyIn(outputs[0]!), `127.0.0.1:${String(acmePort)}`)
    ann = await connectUser(processes[0].url, installation)
  }, 60_000)

  afterAll(async () => {
    await Promise.all(processes.map(each => each.end()))
    await acme.stop()
    await database.drop()
  })

  const clientOf = (index: number) => createClient({ baseUrl: processes[index % 2]!.url, token: ann.token })
  const ofBoth = <Result>(count: number, work: (index: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)))

  it('refresh an expired token once for 100 requests, all answered well', async () => {
    await acmeControl(acme.url, 'POST', 'expire-access-tokens')
    await acmeControl(acme.url, 'DELETE', 'stats')
    const answers = await ofBoth(100, index => clientOf(index).me.get({}))
    expect(answers.every(({ user }) => user.name === 'Ann de Wit')).toBe(true)
    expect(await acmeStats(acme.url)).toMatchObject({ refreshes_granted: 1, refreshes_refused: 0 })
  })

  it('make one activity of 50 identical concurrent call logs', async () => {
    const before = (await acmeStats(acme.url)).activities
    const logs = await ofBoth(50, index => clientOf(index).callLogs.put({ params: { callId: 'one-call' }, query: {}, body: call, waitSeconds: 20 }))
    expect(new Set(logs.map(({ activity }) => activity?.id)).size).toBe(1)
    expect(logs.every(({ status }) => status === 'delivered')).toBe(true)
    expect((await acmeStats(acme.url)).activities).toBe(before + 1)
  })

  it('take over a delivery whose process was killed, without a second activity', async () => {
    const before = (await acmeStats(acme.url)).activities
    const victim = await startProcess(environment)
    await acmeControl(acme.url, 'PUT', 'switches', { mode: 'hang', only: ['/api/v1/activities'] })
    const put = createClient({ baseUrl: victim.url, token: ann.token })
      .callLogs.put({ params: { callId: 'killed-call' }, query: {}, body: call, waitSeconds: 20 }).catch(() => undefined)
    await until(async () => (await clientOf(0).callLogs.get({ params: { callId: 'killed-call' }, query: {} }).catch(() => null))?.status === 'delivering')
    await victim.end('SIGKILL')
    await put
    await acmeControl(acme.url, 'PUT', 'switches', { mode: 'ok' })
    await until(async () => (await clientOf(0).callLogs.put({ params: { callId: 'killed-call' }, query: {}, body: call, waitSeconds: 20 }).catch(() => null))?.status === 'delivered')
    expect((await acmeStats(acme.url)).activities).toBe(before + 1)
  }, 60_000)

  it('let a delivery under way end before they stop', async () => {
    const before = (await acmeStats(acme.url)).activities
    const stopping = await startProcess(environment)
    await acmeControl(acme.url, 'PUT', 'switches', { latency_ms: 600, only: ['/api/v1/activities'] })
    const put = createClient({ baseUrl: stopping.url, token: ann.token }).callLogs.put({ params: { callId: 'last-call' }, query: {}, body: call, waitSeconds: 20 })
    await until(async () => (await clientOf(0).callLogs.get({ params: { callId: 'last-call' }, query: {} }).catch(() => null))?.status === 'delivering')
    const exit = stopping.end('SIGTERM')
    expect((await put).status).toBe('delivered')
    expect(await exit).toBe(0)
    await acmeControl(acme.url, 'PUT', 'switches', { mode: 'ok' })
    expect((await acmeStats(acme.url)).activities).toBe(before + 1)
  })
})

/** Polls, instead of sleeping for a time that somebody guessed. Gives up after 40 s. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 40_000
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error('it never came true')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
