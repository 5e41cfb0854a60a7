export interface Random {
  /** From 0 up to, not including, `below`. */
  integer(below: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Replaces each # by a digit. */
  fillDigits(pattern: string): string
}

/** The same seed gives the same sequence everywhere (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed
  const integer = (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }

  return {
    integer,
    pick<Item>(items: readonly Item[]) {
      // True because no list given here is empty.
      return items[integer(items.length)] as Item
    },
    fillDigits: (pattern) => pattern.replace(/#/g, () => String(integer(10))),
  }
}
