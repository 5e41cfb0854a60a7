import { col, fn, Op, where as compare, type WhereOptions } from 'sequelize'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../http/cursor.js'
import type { Table } from '../tenants/models.js'

export interface PageQuery {
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface Page<Row> {
  readonly items: Row[]
  /** `null` at the end. */
  readonly nextCursor: string | null
}

interface Listed {
  id: string
  createdAt?: Date
}

/** One page of a table, oldest first. Rows made meanwhile come at the end, so that none is skipped or seen twice. */
export async function listPage<Row extends Listed>(table: Table<Row>, where: WhereOptions, query: PageQuery): Promise<Page<Row>> {
  const after = decodeCursor(query.cursor, sortKey)
  const rows = await table.findAll({
    // Sequelize's types cannot follow the generic row; the caller's condition names its columns.
    where: (after ? { [Op.and]: [where, isAfter(after)] } : where) as never,
    order: [[createdAt, 'ASC'], ['id', 'ASC']],
    limit: query.limit + 1,
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return { items, nextCursor: last && rows.length > query.limit ? encodeCursor(sortKeyOf(last)) : null }
}

const sortKey = z.tuple([z.iso.datetime(), z.string().min(1).max(100)])

/** In milliseconds, as a `Date` has them: PostgreSQL keeps microseconds, by which a row would come after itself. */
const createdAt = fn('date_trunc', 'milliseconds', col('created_at'))

const isAfter = ([instant, id]: z.infer<typeof sortKey>) => ({
  [Op.or]: [
    compare(createdAt, Op.gt, instant),
    { [Op.and]: [compare(createdAt, Op.eq, instant), compare(col('id'), Op.gt, id)] },
  ],
})

function sortKeyOf({ id, createdAt: at }: Listed): string[] {
  if (at === undefined) throw new Error('the table keeps no creation time')
  return [at.toISOString(), id]
}
