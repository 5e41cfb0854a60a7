import { existsSync } from 'node:fs'
import { createClient } from '@linefinder/client'
import { createServer, defaultClientId, type LinefinderServer } from '@linefinder/server'
import type { CrmAdapter } from '@linefinder/core'
import type { CrmUnderTest } from '@linefinder/conformance'
import { adapterModuleAt } from '../check/adapter-module.js'
import { buildAdapter } from '../check/build-adapter.js'
import { loadUnderTest } from '../check/under-test.js'
import { loadAdapter } from '../load-adapters.js'
import { createLog } from '../server-options.js'
import { stopOnSignal } from '../stop-on-signal.js'
import { connect } from './connect.js'
import type { DevOptions } from './dev-command.js'
import { exchangeLines } from './exchange-lines.js'
import { startExchangeProxy, type ExchangeProxy } from './exchange-proxy.js'
import { tellStory } from './story.js'

interface Served {
  readonly adapter: CrmAdapter
  readonly crm: CrmUnderTest | null
  readonly proxy: ExchangeProxy | null
  readonly server: LinefinderServer
}

/** Serves until told to stop. Everything is in memory. */
export async function serveAdapter(typed: string, options: DevOptions): Promise<void> {
  const { folder, entry, underTest } = adapterModuleAt(typed)
  if (folder !== null && options.build) await buildAdapter(folder)
  const adapter = await loadAdapter(entry, 'dev')
  const crm = existsSync(underTest) ? await (await loadUnderTest(underTest)).crmUnderTest() : null
  const proxy = crm && await startExchangeProxy(crm.origin, exchange => { for (const line of exchangeLines(exchange, options.bodies)) console.log(line) })
  const server = await createServer({ adapters: [adapter], log: createLog('error'), privateOrigins: proxy ? [`http://${proxy.host}`] : [] })
  const served = { adapter, crm, proxy, server }
  stopOnSignal(() => stop(served))
  try {
    await open(served, options)
  } catch (error) {
    await stop(served)
    throw error
  }
}

async function open({ adapter, crm, proxy, server }: Served, { port, tour }: DevOptions): Promise<void> {
  const adminKey = await server.services.tenants.ensureDefaults() ?? ''
  const url = await server.listen(port)
  console.log(`\n${adapter.name} on ${url}/docs. Everything is in memory.\nAdmin key: ${adminKey}`)
  if (!crm || !proxy) {
    console.log('No CRM is connected: there is no testing/under-test.js beside the built adapter that gives one.')
    return
  }
  const token = await connect({ url, admin: createClient({ baseUrl: url, token: adminKey }), adapter, host: proxy.host, crm, clientId: defaultClientId })
  console.log(`Connected to ${crm.origin}. Session token: ${token}\n\n  curl -s "${url}/v1/contacts?phone=%2B31413741741" -H "Authorization: Bearer ${token}"\n`)
  if (tour) await tellStory(url, token, line => { console.log(line) })
  console.log('Ready.')
}

async function stop({ crm, proxy, server }: Served): Promise<void> {
  await server.stop()
  await proxy?.stop()
  await crm?.stop?.()
}
