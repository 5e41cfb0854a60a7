import { rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createServer } from '@linefinder/server'

/** Makes the tables of an embedded database once, so that no test has to. Resolves to the file, which goes when the run ends. */
export async function dumpNewDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'linefinder-dump-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  const dataDir = join(folder, 'database')
  await (await createServer({ adapters: [], runsJobs: false, database: { embedded: { folder: dataDir } } })).stop()
  const engine = await PGlite.create(dataDir)
  const dump = join(folder, 'new.tar')
  await writeFile(dump, Buffer.from(await (await engine.dumpDataDir('none')).arrayBuffer()))
  await engine.close()
  await rm(dataDir, { recursive: true })
  return dump
}
