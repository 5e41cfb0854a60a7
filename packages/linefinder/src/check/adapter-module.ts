import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { z } from 'zod'
import { CommandError } from '../command-error.js'

/** An adapter that is built: where its code is. */
export interface AdapterModule {
  /** `null` when only a module was named. */
  readonly folder: string | null
  readonly entry: string
  readonly underTest: string
}

const packageJson = z.object({ exports: z.object({ '.': z.union([z.string(), z.object({ default: z.string() })]) }) })

/** What was typed: a folder with a `package.json`, or a module. Throws `CommandError` that says what it is instead. */
export function adapterModuleAt(typed: string): AdapterModule {
  const path = resolve(typed)
  if (!existsSync(path)) throw new CommandError(`${typed} does not exist.`)
  if (statSync(path).isDirectory()) return moduleOf(path)
  switch (extname(path)) {
    case '.js': case '.mjs': return { folder: null, entry: path, underTest: join(dirname(path), 'testing/under-test.js') }
    case '.json': throw new CommandError(`${typed} is a document, and this is for adapters that are code. linefinder check and linefinder try take documents.`)
    case '.ts': throw new CommandError(`${typed} is not compiled. Name the folder of the adapter, which is compiled first, or the compiled module.`)
    default: throw new CommandError(`${typed} is neither a folder nor a module that ends in .js or .mjs.`)
  }
}

function moduleOf(folder: string): AdapterModule {
  const entry = join(folder, entryOf(folder))
  return { folder, entry, underTest: join(dirname(entry), 'testing/under-test.js') }
}

function entryOf(folder: string): string {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) throw new CommandError(`${folder} has no package.json.`)
  const read = packageJson.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!read.success) return 'dist/index.js'
  const main = read.data.exports['.']
  return typeof main === 'string' ? main : main.default
}
