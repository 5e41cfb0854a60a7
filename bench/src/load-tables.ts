import { summarise, type Measured } from './comparison.js'
import type { Table } from './report.js'

const columns = ['case', 'connections', 'who', 'req/s of each round', 'req/s', 'p50 ms', 'p99 ms', 'server CPU ms/req', 'client CPU ms/req', 'server RSS MB', 'failed']

export const loadTable = (title: string, measured: readonly Measured[]): Table => ({
  title, columns,
  rows: measured.map(each => {
    const sum = summarise(each)
    return [
      each.case, each.connections, each.who, each.rounds.map(({ requestsPerSecond }) => String(Math.round(requestsPerSecond))).join(' / '),
      sum.requestsPerSecond, sum.p50Ms, sum.p99Ms, sum.serverCpuMsPerRequest, sum.clientCpuMsPerRequest, sum.serverRssMb, sum.failed,
    ]
  }),
})

/** The other side over the floor, for every case that has both. */
export function ratioTable(title: string, measured: readonly Measured[]): Table {
  const floors = measured.filter(({ who }) => who === 'floor')
  return {
    title,
    columns: ['case', 'connections', 'who', 'req/s of the floor', 'p50 over the floor', 'p99 over the floor', 'server CPU over the floor'],
    rows: measured.filter(({ who }) => who !== 'floor').flatMap(each => {
      const floor = floors.find(other => other.case === each.case && other.connections === each.connections)
      if (!floor) return []
      const [ours, least] = [summarise(each), summarise(floor)]
      return [[
        each.case, each.connections, each.who, ours.requestsPerSecond / least.requestsPerSecond, ours.p50Ms / least.p50Ms, ours.p99Ms / least.p99Ms,
        ours.serverCpuMsPerRequest / least.serverCpuMsPerRequest,
      ]]
    }),
  }
}

/** The first wrong answer of each side that had one. */
export function failureTables(measured: readonly Measured[]): Table[] {
  const rows = measured.flatMap(each => {
    const { failed, firstFailure } = summarise(each)
    return failed === 0 ? [] : [[each.case, each.connections, each.who, failed, firstFailure]]
  })
  return rows.length === 0 ? [] : [{ title: 'FAILED', columns: ['case', 'connections', 'who', 'failed', 'the first'], rows }]
}
