import { z } from 'zod'

/** Where a page ended: the sort time and id of its last row. */
export interface Position {
  readonly at: Date
  readonly id: string
}

export interface Page<Item> {
  readonly items: Item[]
  readonly next_cursor: string | null
}

const cursorShape = z.tuple([z.iso.datetime(), z.string()])

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.at.toISOString(), position.id])).toString('base64url')
}

/** null when it is not a cursor of ours. */
export function decodeCursor(cursor: string): Position | null {
  try {
    const [at, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { at: new Date(at), id }
  } catch {
    return null
  }
}

/** Give it one row more than the page holds, so that it knows whether there is a next one. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next_cursor = rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null
  return { items: shown.map(toItem), next_cursor }
}
