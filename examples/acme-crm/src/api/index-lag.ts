/** What was added before then is in the index. undefined when the index does not lag, and everything is. */
export function indexedBefore(lagMs: number): Date | undefined {
  return lagMs === 0 ? undefined : new Date(Date.now() - lagMs)
}
