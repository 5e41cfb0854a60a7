import type { BodyFormat } from '@linefinder/core'
import { endOfRemains, findBlock, findBlocks, type Found } from './find-blocks.js'
import { ownBlocks, readBody, textsOf, type OwnBlock, type Unit } from './read-body.js'

export interface RecomposeInput {
  /**
   * What `composeBody` gave when the CRM was last told: never what `recomposeBody` made of it, or the lines that people added would count
   * as ours and go. `null` when it is not known: nothing is changed or removed then.
   */
  readonly previous: string | null
  /** What the CRM holds now. */
  readonly current: string
  /** What `composeBody` gives now. */
  readonly next: string
  readonly format: BodyFormat
}

/**
 * The CRM's body with our details brought up to date, and everything else left as people, or the CRM, wrote it.
 *
 * A detail that is still as we wrote it is replaced where it stands, or removed. One that somebody edited or deleted stays so until its
 * value changes: then ours is added after theirs, or where it was. The same again changes nothing.
 */
export function recomposeBody({ previous, current, next, format }: RecomposeInput): string {
  const read = readBody[format]
  const theirs = read(current)
  if (current === previous || (previous === null && current.trim() === '')) return next
  const changes = changesOf(theirs, ownBlocks(read(previous ?? '')), ownBlocks(read(next)), format)
  return changes.removed.size === 0 && changes.inserted.size === 0 ? current : write(theirs, changes, format)
}

interface Changes {
  readonly removed: ReadonlySet<number>
  /** Before the unit of that index. */
  readonly inserted: ReadonlyMap<number, readonly Unit[]>
}

function changesOf(
  theirs: readonly Unit[], previous: ReadonlyMap<string, OwnBlock>, next: ReadonlyMap<string, OwnBlock>, format: BodyFormat,
): Changes {
  const { found, taken, labels } = findBlocks(theirs, previous, next)
  const removed = new Set<number>()
  const inserted = new Map<number, Unit[]>()
  const insert = (slot: number, units: readonly Unit[]): void => {
    inserted.set(slot, [...inserted.get(slot) ?? [], ...units])
  }
  const remove = (at: readonly number[]): void => {
    for (const index of at) removed.add(index)
    for (const index of blanksWithin(theirs, at)) removed.add(index)
  }

  const order = [...next.values()]
  let slot: number | null = null
  for (const [index, block] of order.entries()) {
    const place = found.get(block.name)
    const before = previous.get(block.name)
    const isChanged = before === undefined || !isSame(textsOf(before), textsOf(block))
    if (place?.as === 'previous') {
      remove(place.at)
      insert(firstOf(place), block.units)
    } else if (place?.as === 'edited' && isChanged) {
      insert(lastOf(place) + 1, block.units)
    } else if (place === undefined && isChanged) {
      const neighbour: Found | undefined = order.slice(index + 1).map(({ name }) => found.get(name)).find(each => each !== undefined)
      if (slot === null && neighbour !== undefined) slot = firstOf(neighbour)
      else if (slot === null) insert(slot = endOf(theirs, format), blankLineAfter(theirs, format))
      else if (before !== undefined) slot = endOfRemains(theirs, placeAfterPredecessor(block.name, previous, found) ?? slot, before, taken, labels)
      insert(slot, block.units)
    }
    if (place !== undefined) slot = lastOf(place) + 1
  }

  for (const [name, block] of previous) {
    const place = found.get(name)
    // Where there is another one like it, a person's perhaps, we cannot tell which is ours.
    if (!next.has(name) && place?.as === 'previous' && findBlock(theirs, textsOf(block), taken, labels) === null) remove(place.at)
  }
  return { removed, inserted }
}

const firstOf = ({ at }: Found): number => at[0] ?? 0
const lastOf = ({ at }: Found): number => at[at.length - 1] ?? 0

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each, index) => each === others[index])

/** Blank lines of ours, between two of its lines; in Markdown they are hard breaks. */
const blanksWithin = (theirs: readonly Unit[], at: readonly number[]): number[] =>
  at.flatMap((index, position) => {
    const following = at[position + 1] ?? index
    const between = Array.from({ length: Math.max(0, following - index - 1) }, (_each, offset) => index + 1 + offset)
    return between.every(each => /^\s*\\?\s*$/.test(theirs[each]?.raw ?? '')) ? between : []
  })

/** Where the detail began when we last wrote it: remains of it, without its label, are there. */
function placeAfterPredecessor(name: string, previous: ReadonlyMap<string, OwnBlock>, found: ReadonlyMap<string, Found>): number | undefined {
  const names = [...previous.keys()]
  const place = names.slice(0, names.indexOf(name)).map(each => found.get(each)).findLast(each => each !== undefined)
  return place && lastOf(place) + 1
}

/** Within the page, when the body is one. */
const endOf = (theirs: readonly Unit[], format: BodyFormat): number => format !== 'html' ? theirs.length :
  theirs.findLastIndex(({ raw }) => !/^\s*<\/(body|html)\s*>\s*$|^\s+$/i.test(raw)) + 1

/** Between people's text and ours. */
const blankLineAfter = (theirs: readonly Unit[], format: BodyFormat): Unit[] =>
  format === 'html' || (theirs[theirs.length - 1]?.text ?? '') === '' ? [] : [{ raw: '', end: undefined, text: '', begins: false }]

/** Lines of ours end as theirs do, and the body ends in a line end only if it did. */
function write(theirs: readonly Unit[], { removed, inserted }: Changes, format: BodyFormat): string {
  const lineEnd = format === 'html' ? '' : theirs.find(unit => unit.end)?.end ?? '\n'
  const units = [...theirs.keys(), theirs.length].flatMap(index => {
    const unit = theirs[index]
    return [...inserted.get(index) ?? [], ...(unit === undefined || removed.has(index) ? [] : [unit])]
  })
  const isEnded = Boolean(theirs[theirs.length - 1]?.end)
  return units.map(({ raw, end }, index) => raw + (index < units.length - 1 || isEnded ? end || lineEnd : '')).join('')
}
