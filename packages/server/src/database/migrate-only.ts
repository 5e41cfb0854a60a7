import { migrate } from './migrate.js'
import { openDatabase, type DatabaseOptions } from './open-database.js'

/** Brings the tables up to date without starting a server. Returns the names of the migrations it ran. */
export async function migrateOnly(options: DatabaseOptions): Promise<string[]> {
  const database = await openDatabase(options)
  try {
    return await migrate(database)
  } finally {
    await database.close()
  }
}
