import type { UmzugStorage } from 'umzug'
import type { Database } from './database.js'
import { migrations } from './migrations/index.js'

/** One step of the schema. Append-only: a migration that has run anywhere never changes. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Any constant that no other user of the database takes. */
const migrationLock = 740_741_741

/** Brings the tables up to date, once, whoever starts. Returns the names of the migrations it ran. */
export async function migrate(database: Database): Promise<string[]> {
  const storage = storageIn(database)
  return database.withLock(migrationLock, async () => {
    const ran = await storage.executed({ context: undefined })
    if (migrations.every(({ name }) => ran.includes(name))) return []
    // It brings a seventh of all modules with it, and most starts have nothing to run.
    const { Umzug } = await import('umzug')
    const umzug = new Umzug({
      migrations: migrations.map(({ name, sql }) => ({ name, up: () => database.transaction(() => database.sequelize.query(sql)) })),
      storage,
      logger: undefined,
    })
    return (await umzug.up()).map(({ name }) => name)
  })
}

function storageIn({ sequelize }: Database): UmzugStorage {
  const ensureTable = () => sequelize.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, run_at timestamptz NOT NULL DEFAULT now())')
  return {
    async executed() {
      await ensureTable()
      const [rows] = await sequelize.query('SELECT name FROM schema_migrations ORDER BY name')
      return (rows as { name: string }[]).map(({ name }) => name)
    },
    async logMigration({ name }) {
      await sequelize.query('INSERT INTO schema_migrations (name) VALUES ($1)', { bind: [name] })
    },
    async unlogMigration({ name }) {
      await sequelize.query('DELETE FROM schema_migrations WHERE name = $1', { bind: [name] })
    },
  }
}
