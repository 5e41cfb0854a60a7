import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
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
  /** The same in memory, as this file has it (`dumpDataDir` of PGlite, not compressed): much sooner there than a new one. */
  | { readonly embedded: { readonly dump: string } }

/** Opens the database. Its tables are made by `migrate`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return 'url' in options ? openServer(options.url, options.poolSize ?? 10) : openEmbedded(options.embedded)
}

async function openServer(url: string, poolSize: number): Promise<Database> {
  const sequelize = new Sequelize(url, { ...sequelizeDefaults, pool: { max: poolSize, idle: 10_000 } })
  const pool = new pg.Pool({ connectionString: url, max: poolSize })
  return new Database({ sequelize, pool, isEmbedded: false, close: async () => undefined })
}

/** PGlite behind a socket that only this user can reach, so that `pg` and Sequelize speak to it as to a server. */
async function openEmbedded(wanted: { readonly folder?: string; readonly dump?: string }): Promise<Database> {
  const [{ PGlite }, { PGLiteSocketServer }] = await Promise.all([
    import('@electric-sql/pglite'), import('@electric-sql/pglite-socket'),
  ])
  const { folder, dump } = wanted
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 })
  const engine = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    ...(dump === undefined ? {} : { loadDataDir: new Blob([await readFile(dump)]) }),
  })
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
