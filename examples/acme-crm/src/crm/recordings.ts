import { randomUUID } from 'node:crypto'
import { findRow, type Database, type Queryable } from '../database/open-database.js'

export interface Recording {
  readonly activity_id: string
  readonly name: string
  readonly content_type: string
  readonly size_bytes: number
}

export class TooLarge extends Error {}

const columns = 'activity_id, name, content_type, size_bytes::float8 as size_bytes'
const pieceBytes = 256 * 1024

/** Stores it piece by piece as it comes, and then in place of one of the same name. Throws `TooLarge`. */
export async function saveRecording(
  database: Database,
  recording: Omit<Recording, 'size_bytes'>,
  content: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Recording> {
  const uploadId = randomUUID()
  try {
    let size = 0
    let place = 0
    for await (const piece of inPieces(content)) {
      size += piece.length
      if (size > maxBytes) throw new TooLarge('The recording is too large')
      await database.query('insert into recording_pieces (upload_id, place, content) values ($1, $2, $3)', [uploadId, place, piece])
      place += 1
    }
    const saved = { ...recording, size_bytes: size }
    await database.transaction(async (transaction) => { await replace(transaction, saved, uploadId) })
    return saved
  } catch (error) {
    await deletePieces(database, uploadId)
    throw error
  }
}

export async function listRecordingsOf(database: Queryable, activityIds: readonly string[]): Promise<Recording[]> {
  const { rows } = await database.query<Recording>(
    `select ${columns} from recordings where activity_id = any($1::text[]) order by activity_id, name`, [activityIds],
  )
  return rows
}

export async function findRecording(database: Queryable, activityId: string, name: string): Promise<(Recording & { upload_id: string }) | null> {
  return findRow(database, `select ${columns}, upload_id from recordings where activity_id = $1 and name = $2`, [activityId, name])
}

export async function* readRecording(database: Queryable, uploadId: string): AsyncGenerator<Uint8Array> {
  for (let place = 0; ; place += 1) {
    const piece = await findRow<{ content: Uint8Array }>(
      database, 'select content from recording_pieces where upload_id = $1 and place = $2', [uploadId, place],
    )
    if (piece === null) return
    yield piece.content
  }
}

async function* inPieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const chunk of content) {
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes < pieceBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

async function replace(database: Queryable, { activity_id, name, content_type, size_bytes }: Recording, uploadId: string): Promise<void> {
  const before = await findRecording(database, activity_id, name)
  await database.query(
    `insert into recordings (activity_id, name, content_type, size_bytes, upload_id) values ($1, $2, $3, $4, $5)
     on conflict (activity_id, name) do update set content_type = $3, size_bytes = $4, upload_id = $5`,
    [activity_id, name, content_type, size_bytes, uploadId],
  )
  if (before !== null) await deletePieces(database, before.upload_id)
}

async function deletePieces(database: Queryable, uploadId: string): Promise<void> {
  await database.query('delete from recording_pieces where upload_id = $1', [uploadId])
}
