import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { KeyRing } from '@linefinder/server'
import { createPostgresDatabase, hasPostgres } from '../testing/postgres.js'
import { runCommand } from '../testing/processes.js'

/** As the peer's own models make them. */
const tables = `
  CREATE TABLE users (
    id varchar(255) PRIMARY KEY, "rcAccountId" varchar(255), hostname varchar(255), "timezoneName" varchar(255), "timezoneOffset" varchar(255), platform varchar(255),
    "accessToken" varchar(2000), "refreshToken" varchar(2000), "tokenExpiry" timestamptz, "platformAdditionalInfo" json, "hashedRcExtensionId" varchar(255), "userSettings" json,
    "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
  CREATE TABLE "callLogs" (
    id varchar(255), "sessionId" varchar(255), "extensionNumber" varchar(255) NOT NULL DEFAULT '', "hashedExtensionId" varchar(255) NOT NULL DEFAULT '', platform varchar(255),
    "thirdPartyLogId" varchar(255), "userId" varchar(255), "contactId" varchar(255), "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL,
    PRIMARY KEY (id, "sessionId", "extensionNumber", "hashedExtensionId"));
  CREATE TABLE "messageLogs" (
    id varchar(255) PRIMARY KEY, platform varchar(255), "conversationId" varchar(255), "conversationLogId" varchar(255), "thirdPartyLogId" varchar(255), "userId" varchar(255),
    "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
  CREATE TABLE "adminConfigs" (
    id varchar(255) PRIMARY KEY, "userSettings" json, "customAdapter" json, "adminAccessToken" varchar(512), "adminRefreshToken" varchar(512), "adminTokenExpiry" timestamptz,
    "userMappings" json, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);`

const rows = `
  INSERT INTO users (id, hostname, platform, "accessToken", "userSettings", "createdAt", "updatedAt") VALUES
    ('ann-acme', 'crm.example.test', 'acme', 'secret-key-of-ann', '{"autoLogCall": {"value": true}, "rcAccessToken": "secret-key-of-rc"}', now(), now()), ('ben-acme', 'temp', 'acme', 'secret-key-of-ben', NULL, now(), now()),
    ('cho-acme', 'crm.example.test', 'acme', NULL, NULL, now(), now()), ('dan-acme', 'elsewhere.example.test', 'acme', 'secret-key-of-dan', NULL, now(), now()),
    ('odd', 'crm.example.test', 'acme', 'secret-key-of-odd', NULL, now(), now()), ('eve-other', 'other.example.test', 'other', 'secret-key-of-eve', NULL, now(), now());
  INSERT INTO "callLogs" (id, "sessionId", platform, "thirdPartyLogId", "userId", "contactId", "createdAt", "updatedAt")
    SELECT 'tel-' || n, 'session-' || n, 'acme', 'log-' || n, CASE n % 2 WHEN 0 THEN 'ann-acme' ELSE 'ben-acme' END, 'contact-' || n, timestamptz '2026-01-01' + n * interval '1 minute', now()
    FROM generate_series(1, 2500) n;
  INSERT INTO "callLogs" (id, "sessionId", "extensionNumber", platform, "thirdPartyLogId", "userId", "createdAt", "updatedAt") VALUES
    ('tel-x', 'session-2', '201', 'acme', 'log-x', 'ann-acme', '2026-02-01', now()), ('tel-y', 'session-y', '', 'acme', 'log-y', 'dan-acme', now(), now()),
    ('tel-z', 'session-z', '', 'other', 'log-z', 'eve-other', now(), now()), ('tel-e', 'session-e', '', 'acme', NULL, 'ann-acme', now(), now());
  INSERT INTO "messageLogs" VALUES
    ('m1', 'acme', 'conv', 'conv/2026-02-01', 'log-m', 'ann-acme', '2026-02-01T10:00:00Z', now()), ('m2', 'acme', 'conv', 'conv/2026-02-01', 'log-m', 'ann-acme', '2026-02-01T11:00:00Z', now());
  INSERT INTO "adminConfigs" (id, "userSettings", "userMappings", "adminAccessToken", "createdAt", "updatedAt") VALUES
    ('hash-of-1', '{"autoLogCall": {"value": true, "customizable": false}, "rcAccessToken": "secret-key-of-rc"}', '[{"crmUserId": "ann", "rcExtensionId": ["101"]}, {"crmUserId": "ben"}]', 'secret-key-of-admin', now(), now()),
    ('hash-of-2', NULL, NULL, 'secret-key-of-admin', now(), now()),
    ('hash-of-3', jsonb_build_object('big', repeat('x', 300000)), NULL, NULL, now(), now());`

;(hasPostgres ? describe : describe.skip)('an App Connect database', () => {
  const installation = '0f0e0d0c-0000-4000-8000-000000000001'
  const keys = KeyRing.newKey('k1')
  let [from, to]: Awaited<ReturnType<typeof createPostgresDatabase>>[] = []
  beforeAll(async () => {
    [from, to] = await Promise.all([createPostgresDatabase(), createPostgresDatabase()])
    await sql(from.url, `${tables}${rows}`)
    expect((await command('migrate')).code).toBe(0)
    await sql(to.url, `
      INSERT INTO tenants (id, name) VALUES ('default', 'Default');
      INSERT INTO client_apps (id, tenant_id, name, phone_system) VALUES ('default', 'default', 'App Connect', 'the-phones');
      INSERT INTO installations (id, tenant_id, adapter, name, host) VALUES ('${installation}', 'default', 'acme-legacy', 'Acme', 'crm.example.test')`)
  }, 60_000)
  afterAll(async () => { await Promise.all([from?.drop(), to?.drop()]) })

  const adapter = fileURLToPath(new URL('../../../../adapters/acme-legacy/dist/index.js', import.meta.url))
  const commandWith = (variables: Record<string, string>, ...args: string[]) => runCommand(args, { DATABASE_URL: to?.url ?? '', LINEFINDER_KEYS: keys, LINEFINDER_ADAPTERS: adapter, ...variables })
  const command = (...args: string[]) => commandWith({}, ...args)
  const run = (...args: string[]) => command('import-app-connect', '--from', from?.url ?? '', '--installation', installation, ...args)
  const imported = async () => sql(to?.url ?? '', `
    SELECT c.crm_user_id AS who, c.state, count(l.id)::int AS entries FROM connections c LEFT JOIN ledger l ON l.connection_id = c.id GROUP BY 1, 2 ORDER BY 1`)

  it('asks which of several platforms is the installation’s', async () => {
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringMatching(/--platform .*: acme \(5 users\), other \(1 user\)\./) })
    expect(await run('--platform', 'none')).toMatchObject({ code: 1, stderr: expect.stringContaining('no platform "none"') })
  })

  it('is only looked at in a dry run', async () => {
    const { code, stdout } = await run('--platform', 'acme', '--dry-run')
    expect(stdout).toMatch(/^Users: 3 new, 0 there already, 2 skipped$[^]*^Call logs: 2501 new, 0 there already, 2 skipped$[^]*^Message logs: 1 new, 0 there already, 0 skipped$/m)
    expect(code).toBe(0)
    expect(await imported()).toEqual([])
  }, 60_000)

  it('is taken over, and the second time nothing is new', async () => {
    const first = await run('--platform', 'acme')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('their host: allow it there, or name one host for all with --host\n    dan-acme')
    const there = [{ who: 'ann', state: 'healthy', entries: 1252 }, { who: 'ben', state: 'healthy', entries: 1250 }, { who: 'cho', state: 'revoked', entries: 0 }]
    expect(await imported()).toEqual(there)
    expect(await sql(to?.url ?? '', `SELECT part, activity->>'id' AS activity, status, next_attempt_at AS due FROM ledger WHERE key = 'session-2' ORDER BY part`)).toEqual([
      { part: '', activity: 'log-2', status: 'delivered', due: null }, { part: '201#2', activity: 'log-x', status: 'delivered', due: null },
    ])
    expect(await sql(to?.url ?? '', `SELECT phone_system AS phones, key, part, imported FROM ledger WHERE kind = 'message'`)).toEqual([{ phones: 'the-phones', key: 'conv', part: '2026-02-01', imported: { messageIds: ['m1', 'm2'] } }])
    expect(await sql(to?.url ?? '', 'SELECT owner = (SELECT $$connection:$$ || id FROM connections WHERE crm_user_id = $$ann$$) AS "isAnns", value FROM settings')).toEqual([
      { isAnns: true, value: { autoLogCall: { value: true } } },
    ])

    const second = await run('--platform', 'acme')
    expect(second.stdout).toMatch(/^Users: 0 new, 3 there already, 2 skipped$[^]*^Settings of users: 0 new, 1 there already, 0 skipped$[^]*^Call logs: 0 new, 2501 there already, 2 skipped$[^]*^Message logs: 0 new, 1 there already, 0 skipped$/m)
    expect(await imported()).toEqual(there)
  }, 60_000)

  it('has what administrators have set, which waits for one of them where the hashes of accounts can be known again', async () => {
    expect((await run('--platform', 'acme', '--dry-run')).stdout).toContain('not taken over: say App Connect’s HASH_KEY in LINEFINDER_APP_CONNECT_HASH_KEY')
    const withKey = () => commandWith({ LINEFINDER_APP_CONNECT_HASH_KEY: 'the hash key' }, 'import-app-connect', '--from', from?.url ?? '', '--installation', installation, '--platform', 'acme')
    expect((await withKey()).stdout).toMatch(/^What administrators have set: 1 new, 0 there already, 1 skipped\n  1 skipped: settings and mappings are more than 256 kB.*\n    hash-of-3$/m)
    expect((await withKey()).stdout).toMatch(/^What administrators have set: 0 new, 1 there already, 1 skipped$/m)
    expect(await sql(to?.url ?? '', `SELECT owner, value FROM settings WHERE name = 'imported-admin-settings'`)).toEqual([
      { owner: 'rc-account:hash-of-1', value: { userSettings: { autoLogCall: { value: true, customizable: false } }, userMappings: [{ crmUserId: 'ann', rcExtensionId: ['101'] }] } },
    ])
  }, 60_000)

  it('gives no token away: neither in what is printed nor in what is stored', async () => {
    const { stdout, stderr } = await run('--platform', 'acme', '--replace-credentials')
    expect(stdout).toMatch(/^Users: 0 new, 1 there already, 2 with new credentials, 2 skipped$/m)
    for (const text of [stdout, stderr, await to?.dump() ?? '']) expect(text).not.toContain('secret-key-of')
  }, 60_000)

  it('is left as it was', async () => {
    expect(await sql(from?.url ?? '', `SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM "callLogs") AS calls`)).toEqual([{ users: 6, calls: 2504 }])
  })

  it('that does not answer, or is another, is told in words without its password', async () => {
    const closed = await command('import-app-connect', '--from', 'postgres://reader:hidden-word@127.0.0.1:1/appconnect', '--installation', installation)
    expect(closed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^App Connect’s database at 127\.0\.0\.1:1\/appconnect cannot be opened: .*ECONNREFUSED/) })
    const other = await command('import-app-connect', '--from', to?.url ?? '', '--installation', installation)
    expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/is not App Connect’s.*the table "users", the table "callLogs"/) })
    for (const { stdout, stderr } of [closed, other]) {
      expect(stdout + stderr).not.toContain('hidden-word')
      expect(stderr).not.toContain('    at ')
    }
  })
})

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const results = await client.query<Record<string, unknown>>(text)
    return Array.isArray(results) ? [] : results.rows
  } finally {
    await client.end()
  }
}
