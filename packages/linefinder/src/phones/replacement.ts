import { constants } from 'node:fs'
import { access, chmod, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { fileError, PhonesError } from './phones-error.js'

/** A file that takes another's place, or a new name, as a whole or not at all. */
export interface Replacement {
  readonly stream: Writable
  /** Once everything is written. Throws `PhonesError` when the original changed meanwhile. */
  commit(): Promise<void>
  /** Leaves everything as it was. Harmless after `commit`. */
  abandon(): Promise<void>
}

export interface ReplacementOptions {
  /** Whether a file of that name may be there. */
  readonly overwrites: boolean
}

/** Writes beside the file: only a rename within one folder is all or nothing. A link stays, and what it points to is replaced. */
export async function replaceFile(path: string, { overwrites }: ReplacementOptions): Promise<Replacement> {
  const before = await statOf(path)
  if (before && !overwrites) throw new PhonesError(`"${path}" exists already; --force overwrites it.`)
  if (before?.isDirectory()) throw new PhonesError(`"${path}" is a folder.`)
  const target = before ? await realpath(path) : path
  const beside = join(dirname(target), `.${basename(target)}.${String(process.pid)}.tmp`)
  const handle = await open(beside, 'wx', before?.mode ?? 0o666).catch((error: unknown) => { throw fileError(error, dirname(target)) })
  if (before) await chmod(beside, before.mode)
  return {
    stream: handle.createWriteStream({ flush: true }),
    async commit() {
      const now = await statOf(path)
      if (now?.mtimeMs !== before?.mtimeMs || now?.size !== before?.size) {
        throw new PhonesError(`"${path}" was changed by somebody else meanwhile. It is left as it is.`)
      }
      await rename(beside, target)
    },
    abandon: () => rm(beside, { force: true }),
  }
}

const statOf = (path: string) => stat(path).catch((error: unknown) => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw fileError(error, path)
})

/** Whether two names are one file. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([statOf(a), statOf(b)])
  return first !== null && second !== null && first.ino === second.ino && first.dev === second.dev
}

/** Throws `PhonesError` unless the file may be written: a rename would replace one that may not. */
export const refuseReadOnly = (path: string): Promise<void> =>
  access(path, constants.W_OK).catch((error: unknown) => { throw fileError(error, path) })
