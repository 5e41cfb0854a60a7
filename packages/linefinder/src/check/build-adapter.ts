import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { CommandError } from '../command-error.js'

/** Compiles the folder by its own TypeScript. Does nothing where there is none. Throws `CommandError` with what the compiler says. */
export async function buildAdapter(folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.json')
  if (!existsSync(config)) return
  const compiler = compilerOf(folder)
  if (compiler === null) throw new CommandError(`${folder} has a tsconfig.json and no TypeScript to compile it with: npm install there, or --no-build.`)
  const isOfSeveral = readFileSync(config, 'utf8').includes('"references"')
  const child = spawn(process.execPath, [compiler, isOfSeveral ? '-b' : '-p', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const code = await new Promise<number | null>(resolve => { child.on('close', resolve) })
  if (code !== 0) throw new CommandError(`The adapter does not compile:\n${said.trimEnd()}`)
}

function compilerOf(folder: string): string | null {
  try {
    return createRequire(join(folder, 'package.json')).resolve('typescript/bin/tsc')
  } catch {
    return null
  }
}
