import { CommandError } from '../command-error.js'

/** Something about the file or the flags of `phones`. */
export class PhonesError extends CommandError {
  override readonly name = 'PhonesError'
}

/** A failed system call on a file, in words. Anything else as it is. */
export function fileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = fileFailures[code]
  return words === undefined ? error : new PhonesError(`"${path}" ${words}.`, { cause: error })
}

const fileFailures: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ENOTDIR: 'is in a folder that is none',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be read or written by you',
  EROFS: 'is on a file system that cannot be written',
  ENOSPC: 'does not fit on the disk any more',
  EEXIST: 'exists already; --force overwrites it',
}
