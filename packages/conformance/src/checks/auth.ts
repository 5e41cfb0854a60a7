import assert from 'node:assert/strict'
import { Absent, about, Limited } from '../check.js'
import { nowhere, type Bench } from '../bench.js'
import { failsWith, failureOf } from '../failure-of.js'
import { unauthorized } from '../proxy/faults.js'
import type { Connected } from '../crm-under-test.js'

export const authChecks = about('auth', {
  async 'gets in with good credentials'(bench) {
    await bench.as({ connection: await bench.connect() }).getUserInfo()
  },

  async 'says `unauthorized` of wrong credentials'(bench) {
    const wrong = await wrongCredentials(bench)
    await failsWith('unauthorized', (async () => {
      const connection = await bench.openConnection(wrong)
      await bench.as({ connection }).getUserInfo()
    })(), 'connecting')
  },

  async 'says `unauthorized` of wrong credentials in every member, and never that nobody was found'(bench) {
    bench.unlessLimited('noRequests')
    const wrong = await wrongCredentials(bench)
    if (bench.scheme.type === 'custom') throw new Absent('its login refuses them before')
    const crm = bench.as({ connection: await bench.openConnection(wrong) })
    await failsWith('unauthorized', crm.findContact(bench.numbers.next()), 'findContact')
    await failsWith('unauthorized', crm.createContact({ name: 'Nobody', phone: bench.numbers.next() }), 'createContact')
  },

  async 'has expired credentials renewed, once for many requests at once'(bench) {
    needsRenewal(bench)
    bench.unlessLimited('noRequests')
    const expire = bench.probe('expireTokens')
    const connection = await bench.connect()
    const crm = bench.as({ connection })
    const { id } = await crm.getUserInfo()
    await expire()
    const users = await Promise.all(Array.from({ length: 5 }, () => crm.getUserInfo()))
    assert.deepEqual(users.map(user => user.id), Array.from({ length: 5 }, () => id))
    assert.equal(connection.renewals, 1, 'renewals')
  },

  async 'goes on after one 401 when its credentials can be renewed, and says `unauthorized` when not'(bench) {
    const connection = await bench.connect()
    const crm = bench.as({ connection })
    await bench.inFault(unauthorized, async () => {
      if (!canRenew(bench)) await failsWith('unauthorized', crm.getUserInfo())
      else await crm.getUserInfo()
    }, { path: await pathOf(bench), times: 1 })
  },

  async 'gives up after the second 401'(bench) {
    const crm = bench.as({ connection: await bench.connect() })
    const path = await pathOf(bench)
    await bench.inFault(unauthorized, () => failsWith('unauthorized', crm.getUserInfo()), { path })
  },

  async 'says `unauthorized` once the CRM has ended the connection'(bench) {
    bench.unlessLimited('noRequests')
    const revoke = bench.probe('revokeAccess')
    const crm = bench.as({ connection: await bench.connect() })
    await crm.getUserInfo()
    await revoke()
    bench.forgetConnections()
    await failsWith('unauthorized', crm.getUserInfo())
  },

  async 'gets newer tokens at its token address, and they are good'(bench) {
    if (bench.scheme.type !== 'oauth2') throw new Absent('no OAuth')
    const connection = await bench.connect()
    const before = await connection.current()
    await connection.renew(before.version)
    await bench.as({ connection }).getUserInfo()
  },

  async 'revokes at its revocation address, and nothing of the connection is good afterwards'(bench) {
    if (bench.scheme.type !== 'oauth2') throw new Absent('no OAuth')
    if (bench.scheme.revokeUrl === undefined) throw new Absent('no revocation')
    const connection = await bench.connect()
    await connection.revoke()
    const before = await connection.current()
    await failsWith('unauthorized', connection.renew(before.version), 'the refresh')
  },

  async 'asks people for consent at an address that is there'(bench) {
    const { scheme } = bench
    if (scheme.type !== 'oauth2') throw new Absent('no OAuth')
    const { status } = await fetch(bench.addressOf(scheme.authorizeUrl), { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    assert.ok(status < 500 && status !== 404, `it answers ${String(status)}`)
  },

  async 'ends a session of the CRM’s own login'(bench) {
    if (bench.scheme.type !== 'custom' || !bench.scheme.end) throw new Absent('no login whose session is ended')
    bench.unlessLimited('noRequests')
    await (await bench.connect()).end()
  },

  async 'says `unreachable` of a host where nothing answers'(bench) {
    bench.unlessLimited('noRequests', 'fixedHost')
    const connection = await bench.connection()
    await failsWith(['unreachable', 'connection_lost'], bench.as({ connection, hostname: nowhere }).getUserInfo())
  },

  async 'fails at a host that is another system altogether'(bench) {
    const crm = bench.as({ connection: await bench.connection() })
    const failure = await bench.inFault({ kind: 'html' }, () => failureOf(crm.getUserInfo()))
    assert.notEqual(failure.code, 'adapter_fault')
  },
})

const canRenew = ({ scheme }: Bench): boolean => scheme.type === 'oauth2' || scheme.type === 'custom'

function needsRenewal(bench: Bench): void {
  if (!canRenew(bench)) throw new Absent(`credentials of the kind ${bench.scheme.type} are not renewed`)
}

/** The API's own, so that a fault does not hit the token endpoint too. */
async function pathOf(bench: Bench): Promise<string> {
  bench.unlessLimited('noRequests')
  bench.proxy.clear()
  await bench.as().getUserInfo()
  const last = bench.proxy.requests.at(-1)
  if (!last) throw new Limited('getUserInfo asks nobody')
  return new URL(last.url, 'http://x').pathname
}

async function wrongCredentials({ crm, scheme }: Bench): Promise<Connected> {
  if (scheme.type === 'oauth2') return { accessToken: 'this-is-no-token-of-theirs' }
  const connected = await crm.user.connect()
  if (!('fields' in connected)) throw new Error('the adapter connects by fields, and `connect` gave tokens')
  const secrets = new Set(scheme.fields.filter(({ secret }) => secret).map(({ name }) => name))
  return { fields: Object.fromEntries(Object.entries(connected.fields).map(([name, value]) => [name, secrets.has(name) ? `wrong-${value}` : value])) }
}
