import { migrateOnly } from '@linefinder/server'
import type { Config } from '../config.js'
import { databaseOf } from '../server-options.js'

/** For operators who bring tables up to date before they start new processes. `start` does the same under a lock. */
export async function migrateDatabase(config: Config): Promise<void> {
  const ran = await migrateOnly(databaseOf(config))
  console.log(ran.length === 0 ? 'The tables are up to date.' : `Ran ${ran.join(', ')}.`)
}
