import { compare, summarise, type Measured } from '../comparison.js'
import { setManners } from '../crm/crm-control.js'
import { askServer, askWire, firstOf } from '../load/jobs.js'
import type { SuiteResult } from '../report.js'
import type { Settings } from '../settings.js'
import { setPeerKeeps, type Sides } from './sides.js'

const crmMs = 300

/** One number after another that nobody has asked for before, as when a customer calls for the first time; the peer keeps what it finds. */
export async function measureUnasked(settings: Settings, { stage: { load, crm }, peer, ours }: Sides): Promise<SuiteResult> {
  await setManners(crm.host, { searchMs: crmMs })
  await setPeerKeeps(peer, true)
  let next = Math.floor(settings.contacts / 2)
  const measured: Measured[] = []
  for (let round = 0; round < settings.rounds; round++) {
    const asked = firstOf(next, settings.contacts, 'once')
    const results = await compare(load, `GET contact not asked for before, CRM ${String(crmMs)} ms`, 1, [
      { who: 'peer', job: { ...askWire(settings, peer.wire, 1, asked), warmUpSeconds: 0 } },
      // As many as a few seconds can bring of the quicker ones would be more than there are.
      { who: 'surface', job: { ...askWire(settings, ours.wire, 1, asked), warmUpSeconds: 0, length: { requests: 200 } } },
      { who: 'native', job: { ...askServer(settings, ours.server, ours.token, 1, asked, ['directory']), warmUpSeconds: 0, length: { requests: 200 } } },
    ])
    next += 200
    measured.push(...results)
  }
  await setManners(crm.host, {})
  await setPeerKeeps(peer, false)
  const [peers = NaN, ...others] = ['peer', 'surface', 'native'].map(who => medianOf(measured, who))
  return {
    measurements: measured,
    tables: [{
      title: `Median wait for a number that nobody has asked for, the CRM taking ${String(crmMs)} ms`, columns: ['who', 'p50 ms', 'times as quick as the peer'],
      rows: [['peer', peers, 1], ...['surface', 'native'].map((who, index) => [who, others[index] ?? NaN, peers / (others[index] ?? NaN)])],
    }],
  }
}

function medianOf(measured: readonly Measured[], who: string): number {
  const [first] = measured.filter(each => each.who === who)
  return first ? summarise({ ...first, rounds: measured.filter(each => each.who === who).flatMap(({ rounds }) => rounds) }).p50Ms : NaN
}
