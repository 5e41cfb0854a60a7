import { Batch } from '../database/batch.js'
import type { Database } from '../database/database.js'
import { within } from '../within.js'
import { readEntries } from './due-statements.js'
import type { Entry } from './entry.js'

/** Another process may be the one that delivers. */
const lookEveryMs = 250

/** Those who wait for an entry to be delivered. */
export class Waiters {
  readonly #waiting = new Map<string, Set<(entry: Entry) => void>>()

  /** Many wait at the same time. */
  readonly #reads: Batch<Entry, Entry | undefined>

  constructor(database: Database) {
    this.#reads = new Batch(({ id }) => id, entries => readEntries(database, entries))
  }

  /** Tells everyone in this process who waits for the entry. */
  tell(entry: Entry): void {
    for (const hear of this.#waiting.get(entry.id) ?? []) hear(entry)
  }

  /**
   * The entry once it is delivered at its version, or could not be; or as it is when the time is up. `poke` is called for as long as nobody has
   * begun: its row may have been locked when it was looked at.
   */
  async wait<Row extends Entry>(entry: Row, waitMs: number, poke: () => void): Promise<Row> {
    const endsAt = Date.now() + waitMs
    let current: Row = entry
    const hearing = this.#waiting.get(entry.id) ?? new Set()
    this.#waiting.set(entry.id, hearing)
    let wake: (() => void) | undefined
    const hear = (heard: Entry) => {
      // Entries of one id are of one kind.
      current = heard as Row
      wake?.()
    }
    hearing.add(hear)
    try {
      while (!isSettled(current, entry) && Date.now() < endsAt) {
        await within(Math.min(lookEveryMs, endsAt - Date.now()), new Promise<void>(resolve => { wake = resolve }))
        if (isSettled(current, entry)) break
        current = await this.#read(entry)
        if (current.status === 'pending') poke()
      }
      return current
    } finally {
      hearing.delete(hear)
      if (hearing.size === 0) this.#waiting.delete(entry.id)
    }
  }

  /** Throws when the row is gone: nothing deletes one that somebody waits for. */
  async #read<Row extends Entry>(entry: Row): Promise<Row> {
    const row = await this.#reads.find(entry)
    if (!row) throw new Error('an entry vanished while it was delivered')
    // Entries of one id are of one kind.
    return row as Row
  }
}

/** It is there, or the attempt at it has failed. */
const isSettled = (current: Entry, asked: Entry): boolean =>
  current.deliveredVersion >= asked.version || current.status === 'failed' || current.status === 'retrying'
