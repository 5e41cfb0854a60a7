import { findRow, getRow, type Database, type Queryable } from '../database/open-database.js'
import type { FieldValues } from './activity-fields.js'
import { toPage, type Page, type Position } from './cursor.js'
import { noteActivityOf } from './people.js'

export const activityTypes = ['call', 'sms', 'email', 'meeting', 'task', 'voicemail', 'fax'] as const
export const directions = ['inbound', 'outbound'] as const
export const taskStatuses = ['open', 'done', 'cancelled'] as const

export interface ActivityFields {
  readonly type: (typeof activityTypes)[number]
  readonly person_id: string | null
  readonly user_id: string
  readonly subject: string
  readonly body: string
  readonly direction: (typeof directions)[number] | null
  readonly from_number: string | null
  readonly to_number: string | null
  readonly started_at: Date | null
  readonly duration_seconds: number | null
  readonly result: string | null
  readonly disposition: string | null
  readonly recording_url: string | null
  /** Values of Acme's own fields, by name. */
  readonly fields: FieldValues
  readonly external_id: string | null
  /** Of a task. */
  readonly due_at: Date | null
  readonly status: (typeof taskStatuses)[number] | null
}

export interface Activity extends ActivityFields {
  readonly id: string
  readonly created_at: Date
  readonly updated_at: Date
}

export interface ActivitiesQuery {
  readonly personId?: string | undefined
  readonly externalId?: string | undefined
  /** Created then or later. */
  readonly since?: Date | undefined
  readonly createdBefore?: Date | undefined
  readonly after?: Position | undefined
  readonly limit: number
}

const fieldNames = [
  'type', 'person_id', 'user_id', 'subject', 'body', 'direction', 'from_number', 'to_number', 'started_at',
  'duration_seconds', 'result', 'disposition', 'recording_url', 'external_id', 'fields', 'due_at', 'status',
] as const satisfies readonly (keyof ActivityFields)[]

const columns = `id, ${fieldNames.join(', ')}, created_at, updated_at`

/** In order of creation, then id. */
export async function listActivities(database: Queryable, query: ActivitiesQuery): Promise<Page<Activity>> {
  const { rows } = await database.query<Activity>(
    `select ${columns} from activities
     where ($1::text is null or person_id = $1)
       and ($2::text is null or external_id = $2)
       and ($3::timestamptz is null or created_at >= $3)
       and ($4::timestamptz is null or (created_at, id) > ($4, $5))
       and ($7::timestamptz is null or created_at < $7)
     order by created_at, id
     limit $6`,
    [
      query.personId ?? null,
      query.externalId ?? null,
      query.since ?? null,
      query.after?.at ?? null,
      query.after?.id ?? null,
      query.limit + 1,
      query.createdBefore ?? null,
    ],
  )
  return toPage(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }), (row) => row)
}

export async function findActivity(database: Queryable, id: string): Promise<Activity | null> {
  return findRow<Activity>(database, `select ${columns} from activities where id = $1`, [id])
}

export interface IdempotencyKey {
  /** Who calls: another user's same key is another key. */
  readonly userId: string
  readonly key: string
}

/** The second time it gives the first activity, whatever the fields, and says it is not new. */
export async function createActivityOnce(
  database: Database,
  fields: ActivityFields,
  once: IdempotencyKey,
): Promise<{ activity: Activity; isNew: boolean }> {
  return database.transaction(async (transaction) => {
    const earlier = await findByIdempotencyKey(transaction, once)
    if (earlier !== null) return { activity: earlier, isNew: false }
    const activity = await createActivity(transaction, fields)
    await transaction.query('insert into idempotency_keys (user_id, key, activity_id) values ($1, $2, $3)', [
      once.userId, once.key, activity.id,
    ])
    return { activity, isNew: true }
  })
}

export async function createActivity(database: Queryable, fields: ActivityFields): Promise<Activity> {
  const places = fieldNames.map((_, index) => `$${index + 1}`).join(', ')
  const activity = await getRow<Activity>(
    database,
    `insert into activities (${fieldNames.join(', ')}) values (${places}) returning ${columns}`,
    fieldNames.map((name) => fields[name]),
  )
  await noteOnPerson(database, activity)
  return activity
}

export async function updateActivity(
  database: Queryable,
  activity: Activity,
  changes: Partial<ActivityFields>,
): Promise<Activity> {
  const merged = { ...activity, ...changes }
  const assignments = fieldNames.map((name, index) => `${name} = $${index + 2}`).join(', ')
  const updated = await getRow<Activity>(
    database,
    `update activities set ${assignments}, updated_at = now() where id = $1 returning ${columns}`,
    [activity.id, ...fieldNames.map((name) => merged[name])],
  )
  await noteOnPerson(database, updated)
  return updated
}

/** false when there was nothing to delete. */
export async function deleteActivity(database: Queryable, id: string): Promise<boolean> {
  const { rows } = await database.query('delete from activities where id = $1 returning id', [id])
  return rows.length > 0
}

/** What others have logged, all of it. */
export async function listExternalActivities(database: Queryable): Promise<Pick<Activity, 'id' | 'external_id' | 'subject' | 'created_at'>[]> {
  const { rows } = await database.query<Activity>(
    'select id, external_id, subject, created_at from activities where external_id is not null order by created_at, id',
  )
  return rows
}

export async function countActivities(database: Queryable): Promise<number> {
  const { count } = await getRow<{ count: number }>(database, 'select count(*)::int as count from activities')
  return count
}

async function findByIdempotencyKey(database: Queryable, once: IdempotencyKey): Promise<Activity | null> {
  return findRow<Activity>(
    database,
    `select ${columns} from activities
     where id = (select activity_id from idempotency_keys where user_id = $1 and key = $2)`,
    [once.userId, once.key],
  )
}

async function noteOnPerson(database: Queryable, activity: Activity): Promise<void> {
  if (activity.person_id === null) return
  await noteActivityOf(database, activity.person_id, activity.started_at ?? activity.created_at)
}
