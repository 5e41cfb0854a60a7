import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transform } from 'esbuild'
import type { CrmUnderTest } from '@linefinder/conformance'
import type { CrmAdapter } from '@linefinder/core'
import { mutated, type Mutation } from './mutation.js'

const here = dirname(fileURLToPath(import.meta.url))
const original = join(here, '../../../../adapters/acme/src')
/** Inside this package, so that copies find what they import. */
const copies = join(here, '../dist/copies')

/** The adapter for Acme with one bug in it, in a module of its own. */
export async function loadMutant(mutation: Mutation): Promise<CrmAdapter> {
  const folder = join(copies, mutation.name)
  await copyTo(folder, mutation)
  // As the adapter's package gives it.
  const { default: adapter } = await import(pathToFileURL(join(folder, 'index.js')).href) as { default: CrmAdapter }
  return adapter
}

/** The adapter's own Acme to be tried against. */
export async function startAcmeUnderTest(): Promise<CrmUnderTest> {
  const folder = join(copies, 'original')
  await copyTo(folder, null)
  const { crmUnderTest } = await import(pathToFileURL(join(folder, 'testing/under-test.js')).href) as { crmUnderTest(): Promise<CrmUnderTest> }
  return crmUnderTest()
}

/** The text of the place that a mutation is for. */
export const originalText = (file: string): Promise<string> => readFile(join(original, file), 'utf8')

async function copyTo(folder: string, mutation: Mutation | null): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const files = (await readdir(original, { recursive: true })).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  for (const file of files) {
    const text = await readFile(join(original, file), 'utf8')
    const { code } = await transform(mutation?.file === file ? mutated(text, mutation) : text, { loader: 'ts', format: 'esm' })
    const target = join(folder, file.replace(/\.ts$/, '.js'))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, code)
  }
}
