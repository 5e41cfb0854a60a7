import type { Adapter, AdapterPayload } from 'oidc-provider'
import { findRow, type Database } from '../database/open-database.js'
import type { ClientDirectory } from './clients.js'

interface RecordRow {
  readonly payload: AdapterPayload
  readonly consumed_at: number | null
}

/** Where oidc-provider keeps grants, tokens, sessions and interactions: one table, told apart by model. */
export function recordStore(database: Database, clients: ClientDirectory, onReuse: () => Error) {
  return (model: string): Adapter => (model === 'Client' ? clientStore(clients) : tableStore(database, model, onReuse))
}

function tableStore(database: Database, model: string, onReuse: () => Error): Adapter {
  const find = async (column: 'id' | 'uid', value: string): Promise<AdapterPayload | undefined> => {
    const row = await findRow<RecordRow>(
      database,
      `select payload, consumed_at from oauth_records where model = $1 and ${column} = $2`,
      [model, value],
    )
    if (row === null) return undefined
    return row.consumed_at === null ? row.payload : { ...row.payload, consumed: row.consumed_at }
  }

  return {
    find: (id) => find('id', id),
    findByUid: (uid) => find('uid', uid),

    async findByUserCode() {
      throw new Error('Acme has no device flow')
    },

    async upsert(id, payload, expiresIn) {
      await database.query(
        `insert into oauth_records (model, id, payload, grant_id, uid, expires_at)
         values ($1, $2, $3::jsonb, $4, $5, now() + make_interval(secs => $6))
         on conflict (model, id) do update
         set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`,
        [model, id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null, expiresIn ?? null],
      )
    },

    /** Only one of two simultaneous uses gets it; the other is reuse, which ends the grant. */
    async consume(id) {
      const { rows } = await database.query(
        `update oauth_records set consumed_at = extract(epoch from now())::bigint
         where model = $1 and id = $2 and consumed_at is null returning id`,
        [model, id],
      )
      if (rows.length > 0) return
      await database.query(
        `delete from oauth_records where grant_id = (select grant_id from oauth_records where model = $1 and id = $2)`,
        [model, id],
      )
      throw onReuse()
    },

    async destroy(id) {
      await database.query('delete from oauth_records where model = $1 and id = $2', [model, id])
    },

    async revokeByGrantId(grantId) {
      await database.query('delete from oauth_records where model = $1 and grant_id = $2', [model, grantId])
    },
  }
}

function clientStore(clients: ClientDirectory): Adapter {
  const unused = async () => {
    throw new Error('Clients are registered on the Connected apps page only')
  }
  return {
    find: (id) => clients.findMetadata(id),
    findByUid: unused, findByUserCode: unused, upsert: unused, consume: unused, destroy: unused, revokeByGrantId: unused,
  }
}
