import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@linefinder/client'
import type { DirectoryResource } from '@linefinder/core/api'
import { BenchError } from './bench-error.js'
import { apiKeyPrefix } from './crm/crm-server.js'
import { homeCountry } from './crm/spellings.js'
import type { ServerProcess } from './parts/server-process.js'

/** The generated CRM, set up for the default tenant: what the tenant's connection feeds, and what an agent holds. */
export interface Installed {
  readonly sharedConnection: string
  /** An agent's session. */
  readonly token: string
}

const pollMs = 200
const stalledMs = 120_000

/** Sets the CRM up and connects the tenant and one agent to it. */
export async function installCrm(server: ServerProcess, crmHost: string, name: string, settings: { maxParallelDeliveries?: number } = {}): Promise<Installed> {
  const { admin } = createClient({ baseUrl: server.url, token: server.adminKey })
  const { id: installation } = await admin.installations.create({
    body: { adapter: 'bench', name, host: crmHost, settings: { country: homeCountry, ...settings } },
  })
  const shared = await admin.connections.createShared({ body: { installation, fields: { key: `${apiKeyPrefix}directory` } } })
  if (!('connection' in shared)) throw new BenchError('wrong_answer', 'a connection by fields is asked to open a link')
  const { token } = await createClient({ baseUrl: server.url }).connecting.createConnection({
    body: { client_id: 'default', installation, fields: { key: `${apiKeyPrefix}agent` } },
  })
  return { sharedConnection: shared.connection.id, token }
}

/**
 * Switches the directory on and waits until it holds every contact. No sync follows during a measurement. Throws `sync_failed`,
 * also when nothing more arrives for two minutes.
 */
export async function fillDirectory(server: ServerProcess, { sharedConnection, token }: Installed): Promise<DirectoryResource> {
  const { admin } = createClient({ baseUrl: server.url, token: server.adminKey })
  await admin.directories.switchOn({ params: { id: sharedConnection }, body: { syncEveryMinutes: 1440, fullEveryHours: 720 } })
  const agent = createClient({ baseUrl: server.url, token })
  let [arrived, arrivedAt] = [0, performance.now()]
  for (;;) {
    const directory = await agent.directory.get()
    if (directory.state === 'failed') throw new BenchError('sync_failed', `the sync failed: ${JSON.stringify(directory.lastResult?.error)}`)
    if (directory.isComplete && directory.state === 'ready') return directory
    const contacts = directory.progress?.contacts ?? 0
    if (contacts !== arrived) [arrived, arrivedAt] = [contacts, performance.now()]
    if (performance.now() - arrivedAt > stalledMs) throw new BenchError('sync_failed', `the sync stands still: ${JSON.stringify(directory)}`)
    await wait(pollMs)
  }
}
