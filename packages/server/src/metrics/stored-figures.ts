import type { CallLogStatus } from '@linefinder/core/api'
import type { ConnectionState } from '../connections/models.js'
import type { Database } from '../database/database.js'

/** How things stand in the database, over all tenants. */
export interface StoredFigures {
  readonly undelivered: Readonly<Partial<Record<CallLogStatus, number>>>
  /** Of the logs that are still tried. `null`: there are none. */
  readonly oldestUndeliveredSeconds: number | null
  readonly connections: Readonly<Partial<Record<ConnectionState, number>>>
  /** Since the directory that is furthest behind agreed with its CRM, or was switched on. `null`: there is none. */
  readonly directoryAgeSeconds: number | null
}

const keptForMs = 5000

/** The figures, read at most every five seconds however many ask. */
export class StoredFiguresReader {
  #kept: { readonly figures: Promise<StoredFigures>; endsAt: number } | undefined

  constructor(private readonly database: Database) {}

  read(): Promise<StoredFigures> {
    if (this.#kept && performance.now() < this.#kept.endsAt) return this.#kept.figures
    // However long a slow database takes, it is not asked a second time meanwhile.
    const kept = { figures: readStoredFigures(this.database), endsAt: Infinity }
    this.#kept = kept
    kept.figures.then(() => { kept.endsAt = performance.now() + keptForMs }, () => { kept.endsAt = 0 })
    return kept.figures
  }
}

/** The logs are read through the partial index of those that are not delivered, so that delivered ones cost nothing. */
export const storedFiguresText = `
  WITH undelivered AS (
    SELECT status, count(*)::int AS entries, min(undelivered_since) AS oldest FROM ledger WHERE status <> 'delivered' GROUP BY status
  ), states AS (
    SELECT state, count(*)::int AS connections FROM connections GROUP BY state
  )
  SELECT
    (SELECT coalesce(json_object_agg(status, entries), '{}') FROM undelivered) AS undelivered,
    (SELECT extract(epoch FROM now() - min(oldest))::float8 FROM undelivered WHERE status <> 'failed') AS "oldestUndeliveredSeconds",
    (SELECT coalesce(json_object_agg(state, connections), '{}') FROM states) AS connections,
    (SELECT extract(epoch FROM now() - min(coalesce(synced_at, created_at)))::float8 FROM directories WHERE removed_at IS NULL) AS "directoryAgeSeconds"`

async function readStoredFigures(database: Database): Promise<StoredFigures> {
  const [figures] = await database.query<StoredFigures>({ name: 'read-stored-figures', text: storedFiguresText }, [])
  if (!figures) throw new Error('the figures came back empty')
  return figures
}
