import { getRow, type Database } from './open-database.js'

/** A value made once and the same ever after, such as a signing key. */
export async function keepValue<Value>(database: Database, key: string, make: () => Value): Promise<Value> {
  await database.query(
    'insert into kept_values (key, value) values ($1, $2::jsonb) on conflict (key) do nothing',
    [key, JSON.stringify(make())],
  )
  const row = await getRow<{ value: Value }>(database, 'select value from kept_values where key = $1', [key])
  return row.value
}
