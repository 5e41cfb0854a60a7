import { once } from 'node:events'
import { stringify } from 'csv-stringify/sync'
import { replaceFile, type ReplacementOptions } from './replacement.js'
import type { Left } from './tally.js'

/** A CSV file of `line,column,value,reason` with everything that could not be cleaned. It is there as a whole or not at all. */
export interface LeftReport {
  /** Resolves once they are written, so that they never pile up in memory. */
  add(lefts: readonly Left[]): Promise<void>
  commit(): Promise<void>
  abandon(): Promise<void>
}

export async function openReport(path: string, options: ReplacementOptions): Promise<LeftReport> {
  const { stream, commit, abandon } = await replaceFile(path, options)
  // Whoever writes is told.
  stream.on('error', () => undefined)
  const write = (text: string) => new Promise<void>((resolve, reject) => {
    stream.write(text, error => { if (error) reject(error); else resolve() })
  })
  await write('line,column,value,reason\n')
  return {
    async add(lefts) {
      if (lefts.length > 0) await write(stringify(lefts.map(({ line, column, value, reason }) => [line, column, value, reason])))
    },
    async commit() {
      stream.end()
      await once(stream, 'close')
      await commit()
    },
    async abandon() {
      stream.destroy()
      await abandon()
    },
  }
}
