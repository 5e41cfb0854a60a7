import { CrmError, type AdapterContext } from '@linefinder/core'
import type { MethodName, Paging } from '../description.js'
import type { CallRules, DocumentMethods } from '../methods.js'
import type { Captured } from '../response.js'
import type { Parameters } from '../values.js'
import { recordsOf } from './records.js'

/** Where a listing goes on. */
export type Place = string | number

export interface RecordPage {
  readonly records: readonly Captured[]
  /** `null` at the end. */
  readonly next: Place | null
}

export async function readPage(methods: DocumentMethods, ctx: AdapterContext, name: MethodName, parameters: Parameters, at: Place | null, rules: CallRules = {}): Promise<RecordPage> {
  const paging = methods.find(name)?.paging ?? null
  const place = at ?? (paging?.by === 'number' ? paging.start : null)
  const answer = await methods.call(ctx, name, parameters, { ...rules, ...(paging === null || place === null ? {} : { page: [paging.param, place] }) })
  const records = recordsOf(answer)
  return { records, next: nextOf(paging, place, records.length, paging?.by === 'cursor' ? answer.fields.text(paging.name) : undefined) }
}

/** Of a list that is read at once. */
export async function everyRecord(methods: DocumentMethods, ctx: AdapterContext, name: MethodName): Promise<Captured[]> {
  const records: Captured[] = []
  let at: Place | null = null
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page: RecordPage = await readPage(methods, ctx, name, {}, at)
    records.push(...page.records)
    if (page.next === null) return records
    if (page.next === at) break
    at = page.next
  }
  throw new CrmError('bad_response', { detail: `The CRM’s pages of ${name} do not end.` })
}

const maxPages = 200

function nextOf(paging: Paging | null, place: Place | null, count: number, cursor: string | undefined): Place | null {
  if (paging === null) return null
  if (paging.by === 'cursor') return cursor ?? null
  // Pages that are counted one by one do not tell how long they are, so only an empty one is the last.
  const isLast = count === 0 || (paging.stop === 'short' && paging.step > 1 && count < paging.step)
  return isLast ? null : Number(place) + paging.step
}
