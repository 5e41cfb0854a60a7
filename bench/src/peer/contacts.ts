import { compare, type Measured, type Side } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { anyOf, askServer, askWire, firstOf } from '../load/jobs.js'
import { loadTable } from '../load-tables.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { overPeer } from './ratios.js'
import { setPeerKeeps, type Sides } from './sides.js'

/** So many numbers are asked for again and again, so that the peer can have kept every one of them. */
const askedNumbers = 1000

/** Who is calling: the peer asks the CRM each time, or answers from what it kept; we answer from the directory. */
export async function measureContacts(settings: Settings, sides: Sides): Promise<SuiteResult> {
  const { stage: { load, crm }, peer, ours } = sides
  const count = Math.min(askedNumbers, settings.contacts)
  const prime = async () => {
    await setPeerKeeps(peer, true)
    const job = askWire(settings, peer.wire, 10, firstOf(0, count, 'once'))
    await load.run({ ...job, warmUpSeconds: 0, length: { requests: count } })
  }
  const sidesFor = (connections: number): Side[] => [
    { who: 'peer', job: askWire(settings, peer.wire, connections, firstOf(0, count, 'random')), prepare: () => setPeerKeeps(peer, false) },
    { who: 'surface', job: askWire(settings, ours.wire, connections, anyOf(0, settings.contacts)) },
    { who: 'native', job: askServer(settings, ours.server, ours.token, connections, anyOf(0, settings.contacts), ['directory']) },
  ]
  await compare(load, 'unmeasured', 1, sidesFor(10))
  const measured: Measured[] = []
  for (const latency of settings.latencies) {
    await setManners(crm.host, { searchMs: latency })
    for (const connections of settings.connections) measured.push(...await compare(load, `GET contact, CRM ${String(latency)} ms`, settings.rounds, sidesFor(connections)))
  }
  // What the peer has kept says nothing of how the CRM does, so the quickest CRM is enough.
  await setManners(crm.host, {})
  await prime()
  for (const connections of settings.connections) {
    const kept: Side = { who: 'peer, kept', job: askWire(settings, peer.wire, connections, firstOf(0, count, 'random')) }
    measured.push(...await compare(load, 'GET contact, kept by the peer', settings.rounds, [kept, ...sidesFor(connections).slice(1)]))
  }
  await setPeerKeeps(peer, false)
  return {
    measurements: measured,
    tables: [loadTable('Who is calling', measured), overPeer('Lookup over the peer', measured), overPeer('Lookup over what the peer has kept', measured, 'peer, kept')],
  }
}
