import type { Observed } from './faults.js'
import type { Sides } from './sides.js'

export async function observeExpiredTokens(_sides: Sides): Promise<Observed[]> {
  return []
}
