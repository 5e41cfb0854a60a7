/** A name in one spelling: `startedAt`, `Started-At` and `started_at` are the same. */
export const spelledAlike = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[-\s.]+/g, '_').toLowerCase()

/** The first name that one of the patterns fits, the first pattern first. */
export function firstFitting(names: Iterable<string>, patterns: readonly RegExp[]): string | null {
  const all = [...names]
  for (const pattern of patterns) {
    const found = all.find(name => pattern.test(spelledAlike(name)))
    if (found !== undefined) return found
  }
  return null
}
