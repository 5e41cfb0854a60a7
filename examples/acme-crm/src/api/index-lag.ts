/** Who was added before then is in the index of people. undefined when the index does not lag, and everyone is. */
export function indexedBefore(lagMs: number): Date | undefined {
  return lagMs === 0 ? undefined : new Date(Date.now() - lagMs)
}
