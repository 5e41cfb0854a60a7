import { setTimeout as sleep } from 'node:timers/promises'

/** What `look` finds, as soon as it is not `null`. Fails after `ms`. */
export async function until<Found>(look: () => Promise<Found | null>, ms = 20_000): Promise<Found> {
  const endsAt = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (Date.now() > endsAt) throw new Error('it did not come to be in time')
    await sleep(20)
  }
}
