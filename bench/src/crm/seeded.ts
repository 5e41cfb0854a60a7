/** A whole number of 32 bits that looks random and depends on nothing but its arguments (the finaliser of MurmurHash3). */
export function mix(seed: number, n: number): number {
  let h = (seed ^ Math.imul(n, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Draws whole numbers from 0 up to, not including, `limit`; the same ones for the same seed. */
export function createDraw(seed: number): (limit: number) => number {
  let drawn = 0
  return limit => Math.floor(mix(seed, drawn++) / 2 ** 32 * limit)
}
