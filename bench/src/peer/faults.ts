import { countCalls, setManners } from '../crm/crm-control.js'
import { countUndelivered, listCalls } from '../ledger-tables.js'
import type { WireSide } from '../load/jobs.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { observeExpiredTokens } from './expired-tokens.js'
import { observeKill } from './kill.js'
import { inWords, postCall, waitFor } from './observing.js'
import { countPeerCalls } from './peer-tables.js'
import { empty, type Sides } from './sides.js'

/** What was seen, of one fault and one side. Nothing is asserted of it. */
export interface Observed {
  readonly fault: string
  readonly who: 'peer' | 'surface'
  /** What clients got. */
  readonly answers: string
  /** What is kept, and what the CRM has in the end. */
  readonly afterwards: string
}

export async function observeFaults(settings: Settings, sides: Sides): Promise<SuiteResult> {
  const observed: Observed[] = []
  await empty(sides)
  observed.push(...await observeOutage(settings, sides), ...await observePairs(settings, sides))
  await empty(sides)
  observed.push(...await observeKill(sides), ...await observeExpiredTokens())
  return {
    measurements: observed,
    tables: [{ title: 'What happens when something fails', columns: ['what', 'who', 'what clients get', 'what is kept, and what the CRM has'], rows: observed.map(each => Object.values(each)) }],
  }
}

/** The CRM cuts everyone off while a call is logged, and comes back. */
async function observeOutage(settings: Settings, { stage: { crm }, peer, ours }: Sides): Promise<Observed[]> {
  const watchedMs = settings.seconds * 10_000
  const observe = async (who: Observed['who'], side: WireSide, sessionId: string, countKept: () => Promise<number>): Promise<Observed> => {
    await setManners(crm.host, { isDown: true })
    const answer = await postCall(side, sessionId)
    const kept = await countKept()
    const before = (await countCalls(crm.host)).activities
    await setManners(crm.host, {})
    const arrivedMs = await waitFor(async () => (await countCalls(crm.host)).activities > before, watchedMs)
    const arrival = arrivedMs === null ? `nothing arrived in ${String(watchedMs / 1000)} s with the CRM back` : `arrived by itself ${(arrivedMs / 1000).toFixed(1)} s after the CRM was back`
    return { fault: 'CRM down while a call is logged', who, answers: inWords(answer), afterwards: `${String(kept)} kept; ${arrival}` }
  }
  return [
    await observe('peer', peer.wire, 'outage', () => countPeerCalls(peer.client, 'outage')),
    await observe('surface', ours.wire, 'outage', async () => (await listCalls(ours.client)).filter(({ key }) => key === 'outage').length),
  ]
}

/** Two pages of one client log the same call at once. */
async function observePairs({ latencies, pairs }: Settings, { stage: { crm }, peer, ours }: Sides): Promise<Observed[]> {
  const each = Math.max(1, Math.round(pairs / latencies.length))
  const observe = async (who: Observed['who'], side: WireSide, settle: () => Promise<unknown>): Promise<Observed> => {
    const before = (await countCalls(crm.host)).activities
    let [both, one, none] = [0, 0, 0]
    for (const latency of latencies) {
      await setManners(crm.host, { activityMs: latency })
      for (let n = 0; n < each; n++) {
        const id = `pair-${String(latency)}-${String(n)}`
        const successes = (await Promise.all([postCall(side, id), postCall(side, id)])).filter(({ isSuccessful }) => isSuccessful).length
        if (successes === 2) both += 1
        else if (successes === 1) one += 1
        else none += 1
      }
    }
    await settle()
    const made = (await countCalls(crm.host)).activities - before
    return {
      fault: `${String(each * latencies.length)} pairs of requests for one call at once, CRM ${latencies.join(', ')} ms`, who,
      answers: `both successful ${String(both)}, one ${String(one)}, none ${String(none)}`, afterwards: `${String(made)} activities for ${String(each * latencies.length)} calls`,
    }
  }
  const observed = [
    await observe('peer', peer.wire, () => Promise.resolve()),
    await observe('surface', ours.wire, () => waitFor(async () => await countUndelivered(ours.client) === 0, 30_000)),
  ]
  await setManners(crm.host, {})
  return observed
}
