import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openDatabase, type Database } from '../database/open-database.js'
import { seedDatabase } from '../seed/seed-database.js'
import { listActivities } from './activities.js'
import { findRecording, listRecordingsOf, readRecording, saveRecording, TooLarge } from './recordings.js'

let database: Database
let activity_id: string
beforeAll(async () => {
  database = await openDatabase()
  await seedDatabase(database, 8)
  activity_id = (await listActivities(database, { limit: 1 })).items[0]!.id
})
afterAll(() => database.close())

async function* chunks(count: number, bytes: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(bytes, index)
}

const countPieces = async () => (await database.query<{ count: number }>('select count(*)::int as count from recording_pieces')).rows[0]?.count

it('comes back as it was, whatever chunks it came in', async () => {
  const recording = { activity_id, name: 'a.wav', content_type: 'audio/wav' }
  expect(await saveRecording(database, recording, chunks(9, 100_000), 1_000_000)).toEqual({ ...recording, size_bytes: 900_000 })
  const found = await findRecording(database, activity_id, 'a.wav')
  const read: Uint8Array[] = []
  for await (const piece of readRecording(database, found!.upload_id)) read.push(piece)
  const sent: Buffer[] = []
  for await (const chunk of chunks(9, 100_000)) sent.push(chunk)
  expect(Buffer.concat(read).equals(Buffer.concat(sent))).toBe(true)
  expect(read.length).toBeGreaterThan(1)
})

it('is refused when too large, and leaves nothing behind', async () => {
  const before = await countPieces()
  await expect(saveRecording(database, { activity_id, name: 'b.wav', content_type: 'audio/wav' }, chunks(100, 100_000), 1_000_000)).rejects.toThrow(TooLarge)
  expect(await countPieces()).toBe(before)
  expect((await listRecordingsOf(database, [activity_id])).map(({ name }) => name)).toEqual(['a.wav'])
})

it('leaves no pieces of the one whose place it takes', async () => {
  await saveRecording(database, { activity_id, name: 'a.wav', content_type: 'audio/wav' }, chunks(1, 10), 1_000_000)
  expect(await countPieces()).toBe(1)
})
