import type { Config } from '../config.js'
import { withServer } from './with-server.js'

export interface RetentionOptions {
  readonly contentDays: number
  readonly tenant: string | undefined
  readonly includingFailed: boolean
  readonly dryRun: boolean
}

/** Deletes what was said of calls, messages and callbacks that the CRM has had for so many days. */
export const runRetention = (config: Config, { contentDays, tenant, includingFailed, dryRun }: RetentionOptions): Promise<void> =>
  withServer(config, async ({ services }) => {
    const count = await services.retention.run({ days: contentDays, tenantId: tenant ?? null, includesFailed: includingFailed }, dryRun)
    console.log(`${dryRun ? 'Would delete' : 'Deleted'} the content of ${String(count)} ${count === 1 ? 'entry' : 'entries'} older than ${String(contentDays)} days. Their keys stay, so that nothing is logged twice.`)
  })
