import type { Request } from 'express'
import { LegacyError } from './legacy-error.js'

/** The query as this system reads it: each `%XX` is one character of ISO-8859-1. */
export function latin1Query(request: Request): ReadonlyMap<string, string> {
  const [, query = ''] = request.originalUrl.split('?', 2)
  return new Map(query.split('&').filter((pair) => pair !== '').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2)
    return [read(name), read(value)]
  }))
}

const read = (text: string): string =>
  text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly page: number
  readonly pages: number
}

/** The page that `page=` names, the first when it names none. One behind the last has nothing on it. */
export function pageOf<Item>(items: readonly Item[], asked: string | undefined, size: number): Page<Item> {
  const page = Number(asked ?? 1)
  if (!Number.isInteger(page) || page < 1) throw new LegacyError('VALID', { field: 'page' })
  return { items: items.slice((page - 1) * size, page * size), page, pages: Math.ceil(items.length / size) }
}
