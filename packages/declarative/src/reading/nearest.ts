/** The known name that is most like it, where one is: case does not count, and about two letters in five may differ. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let fewest = Infinity
  for (const candidate of known) {
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 2.5))
    if (Math.abs(candidate.length - wanted.length) > Math.min(allowed, fewest)) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance <= allowed && distance < fewest) [best, fewest] = [candidate, distance]
  }
  return best
}

/** Letters left out, put in, changed, or two of them in each other's place. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    [beforeLast, last] = [last, current]
  }
  return last[b.length] ?? 0
}
