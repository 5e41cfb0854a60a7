import { expect, it } from '@jest/globals'
import { readSettings } from './settings.js'

it('measures lookups among a million contacts when nothing is said', () => {
  expect(readSettings([])).toEqual({
    suite: 'lookup', contacts: 1_000_000, stored: 1_000_000, backlog: 100_000, deliveries: 10_000, parts: ['acceptance', 'independence', 'delivery', 'stored', 'backlog'],
    peerParts: ['contacts', 'unasked', 'call-logs', 'stored', 'start', 'faults'], latencies: [0, 50, 300], pairs: 60,
    seconds: 6, warmUpSeconds: 2, rounds: 2, connections: [1, 10, 64], seed: 1, out: 'bench/results',
  })
})

it('is small and writes nothing with --quick', () => {
  expect(readSettings(['parse', '--quick'])).toMatchObject({ suite: 'parse', contacts: 20_000, seconds: 1, rounds: 1, out: null })
})

it('lets a flag win over --quick', () => {
  expect(readSettings(['--quick', '--contacts', '500', '--connections', '2,4', '--out', 'here']))
    .toMatchObject({ contacts: 500, seconds: 1, connections: [2, 4], out: 'here' })
})

it('measures the parts that are named', () => {
  expect(readSettings(['ledger', '--parts', 'stored,delivery'])).toMatchObject({ suite: 'ledger', parts: ['stored', 'delivery'] })
})

it('measures the peer in shorter pieces, for there are many, and the parts that are named', () => {
  expect(readSettings(['peer', '--parts', 'faults,start'])).toMatchObject({ suite: 'peer', seconds: 3, warmUpSeconds: 1, peerParts: ['faults', 'start'] })
  expect(readSettings(['peer', '--seconds', '5', '--latencies', '0,20'])).toMatchObject({ seconds: 5, latencies: [0, 20], peerParts: expect.arrayContaining(['stored']) })
})
