import { summarise, type Measured } from '../comparison.js'
import type { Table } from '../report.js'

/** Each of our sides over the peer, where both were asked the same. `theirs`: of which of the peer's sides. */
export function overPeer(title: string, measured: readonly Measured[], theirs = 'peer'): Table {
  const peers = measured.filter(({ who }) => who === theirs)
  return {
    title,
    columns: ['case', 'connections', 'who', 'times the req/s', 'p50 over the peer', 'p99 over the peer', 'server CPU over the peer', 'memory over the peer'],
    rows: measured.filter(({ who }) => !who.startsWith('peer')).flatMap(each => {
      const peer = peers.find(other => other.case === each.case && other.connections === each.connections)
      if (!peer) return []
      const [ours, least] = [summarise(each), summarise(peer)]
      return [[
        each.case, each.connections, each.who, ours.requestsPerSecond / least.requestsPerSecond, ours.p50Ms / least.p50Ms, ours.p99Ms / least.p99Ms,
        ours.serverCpuMsPerRequest / least.serverCpuMsPerRequest, ours.serverRssMb / least.serverRssMb,
      ]]
    }),
  }
}
