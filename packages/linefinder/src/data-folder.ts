import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeyRing } from '@linefinder/server'

/** A secret kept in a file that only this user can read. Made with the first call, whoever of several is first. */
export function keptSecret(folder: string, name: string, make: () => string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  try {
    writeFileSync(path, `${make()}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // What `fs` throws carries a code.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(path, 'utf8').trim()
}

/** The key ring of the embedded database, beside it. */
export const keptKeys = (folder: string): string => keptSecret(folder, 'keys', () => KeyRing.newKey(`k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`))

export const newSecret = (): string => randomBytes(32).toString('base64url')
