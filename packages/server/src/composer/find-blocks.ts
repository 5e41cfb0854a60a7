import { labelOf, textsOf, type OwnBlock, type Unit } from './read-body.js'

/** Where a detail of ours is in the CRM's body. */
export interface Found {
  /** `next`: as it shall be; `previous`: as we last wrote it; `edited`: someone changed it since. */
  readonly as: 'next' | 'previous' | 'edited'
  /** Its units, in order. A person's own lines may be between them. */
  readonly at: readonly number[]
}

export interface Findings {
  /** By the names of the details. */
  readonly found: ReadonlyMap<string, Found>
  /** The units that are in `found`. */
  readonly taken: ReadonlySet<number>
  /** With which a detail of ours begins. */
  readonly labels: ReadonlySet<string>
}

/** What is nowhere was deleted, is changed beyond recognition, or is new. */
export function findBlocks(
  theirs: readonly Unit[], previous: ReadonlyMap<string, OwnBlock>, next: ReadonlyMap<string, OwnBlock>,
): Findings {
  const found = new Map<string, Found>()
  const taken = new Set<number>()
  const names = [...new Set([...next.keys(), ...previous.keys()])]
  const labels = new Set([...next.values(), ...previous.values()].map(block => labelOf(block.units[0])))
  const take = (name: string, as: Found['as'], at: readonly number[]): void => {
    found.set(name, { as, at })
    for (const index of at) taken.add(index)
  }
  // The longest first: a line of a note may look like a detail of its own.
  for (const name of byLength(names, previous, next)) {
    const [now, before] = [next, previous].map(blocks => {
      const block = blocks.get(name)
      return block === undefined ? null : findBlock(theirs, textsOf(block), taken, labels)
    })
    if (now && !(before && before.length > now.length && before.some(index => now.includes(index)))) take(name, 'next', now)
    else if (before) take(name, 'previous', before)
  }
  for (const name of names) {
    const block = previous.get(name)
    if (block !== undefined && !found.has(name)) {
      const at = findEdited(theirs, block, taken, labels)
      if (at !== null) take(name, 'edited', at)
    }
  }
  return { found, taken, labels }
}

function byLength(names: readonly string[], ...bodies: readonly ReadonlyMap<string, OwnBlock>[]): string[] {
  const length = (name: string): number => Math.max(...bodies.map(blocks => blocks.get(name)?.units.length ?? 0))
  return names.toSorted((a, b) => length(b) - length(a))
}

/** In one run, blank lines apart; else with lines between that are nobody's detail. */
export function findBlock(
  theirs: readonly Unit[], texts: readonly string[], taken: ReadonlySet<number>, labels: ReadonlySet<string>,
): number[] | null {
  if (texts.length === 0) return null
  const starts = [...theirs.keys()].filter(index => theirs[index]?.text === texts[0] && !taken.has(index))
  const mayLieBetween = [
    (unit: Unit) => unit.text === '',
    (unit: Unit) => !labels.has(labelOf(unit)),
  ]
  for (const isPassed of texts.length === 1 ? mayLieBetween.slice(0, 1) : mayLieBetween) {
    for (const start of starts) {
      const at = follow(theirs, start, texts, taken, isPassed)
      if (at !== null) return at
    }
  }
  return null
}

function follow(
  theirs: readonly Unit[], start: number, texts: readonly string[], taken: ReadonlySet<number>, isPassed: (unit: Unit) => boolean,
): number[] | null {
  const at: number[] = []
  for (let index = start; at.length < texts.length; index++) {
    const unit = theirs[index]
    if (unit === undefined || taken.has(index)) return null
    if (unit.text === texts[at.length]) at.push(index)
    else if (!isPassed(unit)) return null
  }
  return at
}

/** From the line with the detail's label to the end of what is left of it. */
function findEdited(theirs: readonly Unit[], block: OwnBlock, taken: ReadonlySet<number>, labels: ReadonlySet<string>): number[] | null {
  const label = labelOf(block.units[0])
  const start = theirs.findIndex((unit, index) => unit.text !== '' && labelOf(unit) === label && !taken.has(index))
  if (start === -1) return null
  const end = Math.max(start + 1, endOfRemains(theirs, start + 1, block, taken, labels))
  return Array.from({ length: end - start }, (_each, offset) => start + offset)
}

/** After the last unit that can be left of the block, or stand for a part of it, when those of others end it; `start` when there is none. */
export function endOfRemains(
  theirs: readonly Unit[], start: number, block: OwnBlock, taken: ReadonlySet<number>, labels: ReadonlySet<string>,
): number {
  const texts = new Set(textsOf(block))
  let end = start
  for (let index = start; index < theirs.length; index++) {
    const unit = theirs[index]
    if (unit === undefined || taken.has(index) || labels.has(labelOf(unit))) break
    if (texts.has(unit.text) || (index < start + block.units.length && unit.text !== '')) end = index + 1
  }
  return end
}
