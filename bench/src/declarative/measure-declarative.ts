import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import acme from '@linefinder/adapter-acme'
import type { CrmAdapter, PhoneQuery } from '@linefinder/core'
import { createAdapterContext, HeldHere, OperationCredentials, type AddressRules } from '@linefinder/core/http'
import { variants } from '@linefinder/core/phone'
import { ringotelAdapter } from '@linefinder/declarative'
import { BenchError } from '../bench-error.js'
import { startPart } from '../parts/forked-part.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { median } from '../statistics.js'

/** As many as the document asks for, so that both make the same requests. */
const spellings = variants('+31413741741', 'digits', { country: 'NL' }).slice(0, 3)
const query: PhoneQuery = { e164: '+31413741741', raw: '+31413741741', extension: null, variants: spellings }

const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent() }
const rules: AddressRules = {
  resolve: (template, hostname) => template.replaceAll('{hostname}', hostname).replace(/^https:/, 'http:'),
  check() { /* the only CRM there is */ },
  agentsFor: () => agents,
}

/** CPU time of one `findContact`: an adapter that is written by hand, and the same CRM in one document. */
export async function measureDeclarative(settings: Settings): Promise<SuiteResult> {
  const document = readFileSync(new URL('../../../examples/no-code/acme-crm.json', import.meta.url), 'utf8')
  const crm = await startPart('declarative/people-server.js', {})
  try {
    const sides = await Promise.all([{ who: 'coded', adapter: acme }, { who: 'document', adapter: ringotelAdapter(document) }].map(async ({ who, adapter }) =>
      ({ who, find: await finder(adapter, crm.host), cpuMicroseconds: [] as number[] })))
    for (const { find } of sides) await spend(find, settings.warmUpSeconds)
    // In short turns: whatever else the machine does falls on both.
    for (let turn = 0; turn < settings.rounds * 10; turn++) {
      for (const { find, cpuMicroseconds } of sides) cpuMicroseconds.push(await spend(find, settings.seconds / 10))
    }
    const measurements = sides.map(({ who, cpuMicroseconds }) => ({ who, cpuMicroseconds }))
    const [floor = NaN, ...rest] = measurements.map(({ cpuMicroseconds }) => median(cpuMicroseconds))
    return {
      measurements,
      tables: [{
        title: `CPU of findContact with ${String(spellings.length)} spellings`,
        columns: ['who', 'CPU µs', 'of the coded adapter'],
        rows: [floor, ...rest].map((cpu, index) => [measurements[index]?.who ?? '', cpu, cpu / floor]),
      }],
    }
  } finally {
    await crm.stop()
  }
}

/** A context for each, as a server makes one. */
async function finder(adapter: CrmAdapter, hostname: string): Promise<() => Promise<void>> {
  const [settings, secrets] = [{ country: 'NL', properties: { 'Client ID': 'bench' } }, { 'Client Secret': 'bench' }]
  const scheme = typeof adapter.auth === 'function' ? await adapter.auth({ hostname, settings, secrets }) : adapter.auth
  const { signal } = new AbortController()
  return async () => {
    const found = await adapter.findContact(createAdapterContext({
      adapter, scheme, guard: rules, requestId: 'bench', signal,
      credentials: new OperationCredentials(new HeldHere({ type: 'oauth2', accessToken: 'a token' })),
      connection: { id: '1', hostname, settings, secrets, user: null },
      phoneOptions: { country: 'NL' },
      log: { debug() { /* nothing is logged */ }, warn() { /* nothing is logged */ } },
    }), query)
    if (found.length !== 1 || found[0]?.phones.length !== 2) throw new BenchError('wrong_answer', `${adapter.id} finds ${String(found.length)} contacts`)
  }
}

/** Microseconds of this process for each call. */
async function spend(find: () => Promise<void>, seconds: number): Promise<number> {
  const [endsAt, before] = [performance.now() + seconds * 1000, process.cpuUsage()]
  let calls = 0
  do {
    await find()
    calls += 1
  } while (performance.now() < endsAt)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}
