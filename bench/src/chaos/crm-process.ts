import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { BenchError } from '../bench-error.js'
import { stopChild } from '../parts/forked-part.js'
import { findFreePort } from './free-port.js'

const executable = fileURLToPath(new URL('../../../examples/acme-crm/dist/main.js', import.meta.url))

export const oauthClient = { id: 'linefinder', secret: 'the client secret of the chaos' }

const activities = z.object({ items: z.array(z.object({ id: z.string(), external_id: z.string(), subject: z.string() })) })
export type CrmActivity = z.infer<typeof activities>['items'][number]

export interface Switches {
  readonly mode: 'ok' | 'error' | 'rate_limited' | 'reset_after_commit' | 'hang'
  readonly activityLagMs: number
}

/** The example CRM in a process of its own. */
export interface CrmProcess {
  readonly host: string
  /** How it treats activities from now on. It never heeds idempotency keys. */
  setSwitches(switches: Switches): Promise<void>
  listActivities(): Promise<CrmActivity[]>
  stop(): Promise<void>
}

export async function startCrm(redirectUri: string, logFile: string): Promise<CrmProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'linefinder-chaos-crm-'))
  const port = await findFreePort()
  const host = `127.0.0.1:${String(port)}`
  const child = spawn(process.execPath, [executable], {
    env: {
      PATH: process.env['PATH'] ?? '', PORT: String(port), ACME_DATA_DIR: folder,
      ACME_OAUTH_CLIENT_ID: oauthClient.id, ACME_OAUTH_CLIENT_SECRET: oauthClient.secret, ACME_OAUTH_REDIRECT_URIS: redirectUri,
    },
    stdio: ['ignore', 'pipe', openSync(logFile, 'a')],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => { resolve() })
    child.once('exit', code => { reject(new BenchError('part_ended', `the CRM ended with ${String(code)}`)) })
  })
  return {
    host,
    async setSwitches({ mode, activityLagMs }) {
      const { ok } = await fetch(`http://${host}/_control/switches`, {
        method: 'PUT', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          mode, only: ['/api/v1/activities'], ignores_idempotency_keys: true, activity_lag_ms: activityLagMs, ...(mode === 'rate_limited' ? { retry_after_seconds: 1 } : {}),
        }),
      })
      if (!ok) throw new BenchError('wrong_answer', 'the CRM does not take the switches')
    },
    listActivities: async () => activities.parse(await (await fetch(`http://${host}/_control/activities`)).json()).items,
    async stop() {
      await stopChild(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
