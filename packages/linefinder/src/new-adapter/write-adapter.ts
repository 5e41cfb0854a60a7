import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandError } from '../command-error.js'
import type { Place } from './place.js'

/** Throws `CommandError` before it writes anything when a file is there already. */
export async function writeAdapter({ folder, repository }: Place, files: ReadonlyMap<string, string>): Promise<void> {
  const there = [...files.keys()].filter(path => existsSync(join(folder, path)))
  if (there.length > 0) throw new CommandError(`Nothing was written: ${folder} has ${there.join(', ')} already. Choose another --folder.`)
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text, { flag: 'wx' })
  }
  if (repository !== null) await addToBuild(join(repository, 'tsconfig.json'), `adapters/${basename(folder)}`)
}

/** `package.json` takes every folder of `adapters/` as a workspace; the build has a list. */
async function addToBuild(path: string, folder: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  if (text.includes(`"${folder}"`)) return
  const last = [...text.matchAll(/^ *\{ "path": "adapters\/[^"]+" \},\n/gm)].at(-1)
  if (!last) throw new CommandError(`The adapter is written. Add { "path": "${folder}" } to the references in ${path} yourself: no other adapter is in them.`)
  const end = last.index + last[0].length
  await writeFile(path, `${text.slice(0, end)}    { "path": "${folder}" },\n${text.slice(end)}`)
}
