import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Where a new adapter goes. */
export interface Place {
  readonly folder: string
  /** This project's root when the folder is one of its `adapters/`; `null` elsewhere. */
  readonly repository: string | null
}

/** By default `adapters/<id>` inside this project; elsewhere the current folder when it is empty, and a new one in it when not. */
export function placeFor(id: string, folder: string | undefined, current: string): Place {
  const repository = repositoryAround(current)
  if (folder === undefined && repository !== null) return { folder: join(repository, 'adapters', id), repository }
  const chosen = resolve(current, folder ?? (isEmpty(current) ? '.' : id))
  const parent = dirname(chosen)
  return { folder: chosen, repository: basename(parent) === 'adapters' && isRepository(dirname(parent)) ? dirname(parent) : null }
}

function repositoryAround(folder: string): string | null {
  if (isRepository(folder)) return folder
  return dirname(folder) === folder ? null : repositoryAround(dirname(folder))
}

function isRepository(folder: string): boolean {
  try {
    // Whatever is in it, a name is all that is asked for.
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }
    return name === 'linefinder-workspace'
  } catch {
    return false
  }
}

/** Nothing but what begins with a dot, such as `.git`. */
const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).every(name => name.startsWith('.'))
