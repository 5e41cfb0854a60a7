import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Sequelize, type Options } from 'sequelize'
import { Database } from './database.js'

export type DatabaseOptions =
  /** A PostgreSQL server, 14 or later. */
  | { readonly url: string; readonly poolSize?: number }
  /** PGlite in a local folder, or in memory without one. For one process only. */
  | { readonly embedded: { readonly folder?: string } }

/** Opens the database. Its tables are made by `migrate`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return 'url' in options ? openServer(options.url, options.poolSize ?? 10) : openEmbedded(options.embedded.folder)
}

async function openServer(url: string, poolSize: number): Promise<Database> {
  const sequelize = new Sequelize(url, { ...sequelizeDefaults, pool: { max: poolSize, idle: 10_000 } })
  const pool = new pg.Pool({ connectionString: url, max: poolSize })
  return new Database({ sequelize, pool, isEmbedded: false, close: async () => undefined })
}

/** PGlite behind a socket that only this user can reach, so that `pg` and Sequelize speak to it as to a server. */
async function openEmbedded(folder: string | undefined): Promise<Database> {
  const [{ PGlite }, { PGLiteSocketServer }] = await Promise.all([
    import('@electric-sql/pglite'), import('@electric-sql/pglite-socket'),
  ])
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 })
  const engine = folder === undefined ? await PGlite.create() : await PGlite.create(folder)
  const socketFolder = await mkdtemp(join(tmpdir(), 'linefinder-'))
  await chmod(socketFolder, 0o700)
  const socket = new PGLiteSocketServer({ db: engine, path: join(socketFolder, '.s.PGSQL.5432'), maxConnections: 50 })
  await socket.start()

  const address = { host: socketFolder, user: 'postgres', password: 'unused', database: 'postgres' }
  const sequelize = new Sequelize({ ...sequelizeDefaults, ...address, username: address.user, pool: { max: 5, idle: 10_000 } })
  const pool = new pg.Pool({ ...address, max: 10 })
  return new Database({
    sequelize, pool, isEmbedded: true,
    close: async () => {
      await socket.stop()
      await engine.close()
      await rm(socketFolder, { recursive: true, force: true })
    },
  })
}

const sequelizeDefaults: Options = {
  dialect: 'postgres',
  logging: false,
  define: { underscored: true, timestamps: true },
}
