import type { Reading } from '../description.js'
import { readAppConnectProxy } from './app-connect/read-app-connect-proxy.js'
import { readJson } from './json-source.js'
import { readRingotel, type ReadingOptions } from './read-ringotel.js'

/** Reads a document, whichever of the dialects it is written in. Never throws: whatever is wrong is a problem. */
export function readDocument(text: string, options: ReadingOptions = {}): Reading {
  return dialectOf(text) === 'app-connect' ? readAppConnectProxy(text, options) : readRingotel(text, options)
}

export type Dialect = 'ringotel' | 'app-connect'

/** By the keys that only one of them has; where there are none of either, it is taken for the first. */
export function dialectOf(text: string): Dialect {
  const { root } = readJson(text)
  if (root?.type !== 'object') return 'ringotel'
  const has = (keys: readonly string[]): boolean => root.members.some(({ key }) => keys.includes(key))
  return has(['operations', 'requestDefaults', 'meta']) && !has(['api', 'API', 'id']) ? 'app-connect' : 'ringotel'
}
