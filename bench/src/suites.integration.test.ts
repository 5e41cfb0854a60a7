import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Measured } from './comparison.js'

const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'linefinder-bench-test-'))
afterAll(() => { rmSync(out, { recursive: true }) })

interface Ended {
  readonly code: number | null
  readonly printed: string
}

async function runBench(args: readonly string[], databaseUrl = process.env['LINEFINDER_TEST_POSTGRES'] ?? ''): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args, '--quick', '--contacts', '2000', '--seconds', '0.5', '--rounds', '1', '--connections', '4', '--out', out], {
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { printed += chunk.toString() })
  const code = await new Promise<number | null>(resolve => { child.once('close', resolve) })
  return { code, printed }
}

const measurementsOf = (suite: string): unknown[] =>
  (JSON.parse(readFileSync(join(out, `${suite}.json`), 'utf8')) as { measurements: unknown[] }).measurements

const failuresOf = (measured: Measured[]) => measured.flatMap(({ rounds }) => rounds).map(({ firstFailure }) => firstFailure)

it('says where it looked for a PostgreSQL when there is none', async () => {
  const { code, printed } = await runBench(['lookup'], 'postgres://postgres@127.0.0.1:1/postgres')
  expect({ code, printed }).toEqual({ code: 1, printed: expect.stringMatching(/No PostgreSQL answers at 127\.0\.0\.1:1\. /) })
})

it('measures the phone engine without any PostgreSQL', async () => {
  const { code } = await runBench(['parse'], 'postgres://postgres@127.0.0.1:1/postgres')
  expect(code).toBe(0)
  expect(measurementsOf('parse')).toMatchObject([{ who: 'libphonenumber-js' }, { who: 'linefinder' }])
}, 60_000)

it('measures a document against an adapter that is written by hand, every answer right', async () => {
  const { code, printed } = await runBench(['declarative'], 'postgres://postgres@127.0.0.1:1/postgres')
  expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
  expect(measurementsOf('declarative')).toMatchObject([{ who: 'coded' }, { who: 'document' }])
}, 60_000)

;(hasPostgres ? describe : describe.skip)('on a real PostgreSQL', () => {
  it('measures lookups, every answer right, and a crowd that makes one search', async () => {
    const { code, printed } = await runBench(['lookup'])
    expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
    const [directory, ...rest] = measurementsOf('lookup')
    const crowd = rest.pop() as { measured: Measured; searches: number }
    const measured = rest as Measured[]
    expect(directory).toMatchObject({ isComplete: true, contacts: 2000 })
    expect(measured.map(({ case: name, who }) => `${name}: ${who}`)).toEqual([
      'known: floor', 'known: linefinder', 'unknown: floor', 'unknown: linefinder', 'remembered: floor', 'remembered: linefinder',
      'one after another: directory', 'one after another: live',
    ])
    expect(failuresOf([...measured, crowd.measured]).filter(failure => failure !== null)).toEqual([])
    expect(crowd).toMatchObject({ searches: 1, measured: { rounds: [{ requests: 1000 }] } })
  }, 180_000)

  it('measures every layer that stands before a lookup', async () => {
    const { code, printed } = await runBench(['layers'])
    expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
    const measured = measurementsOf('layers') as Measured[]
    expect(measured.map(({ who }) => who)).toEqual(['floor', ...Array.from({ length: 7 }, () => expect.stringMatching(/^\+ /)), 'linefinder'])
    expect(failuresOf(measured).filter(failure => failure !== null)).toEqual([])
  }, 180_000)

  it('measures what the ledger takes and delivers, every answer right and everything delivered once', async () => {
    const { code, printed } = await runBench(['ledger'])
    expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
    const measured = measurementsOf('ledger') as (Measured & { part: string })[]
    expect([...new Set(measured.map(({ part }) => part))]).toEqual(['acceptance', 'independence', 'delivery', 'stored', 'backlog'])
    expect(failuresOf(measured.filter(({ part }) => part !== 'delivery')).filter(failure => failure !== null)).toEqual([])
    expect(measured.find(({ part }) => part === 'delivery')).toMatchObject({ activities: 200 })
  }, 180_000)

  it('measures a sync that brings every contact', async () => {
    const { code, printed } = await runBench(['sync'])
    expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
    expect(measurementsOf('sync')).toMatchObject([{ contacts: 2000, syncSeconds: expect.any(Number), floorSeconds: expect.any(Number) }])
  }, 180_000)

  ;(process.env['LINEFINDER_TEST_PEER'] === 'installed' ? it : it.skip)('measures beside App Connect’s own server, every answer right on both sides', async () => {
    const { code, printed } = await runBench(['peer', '--latencies', '0,20', '--pairs', '2'])
    expect(`${String(code)} ${code === 0 ? '' : printed}`).toBe('0 ')
    const measured = measurementsOf('peer') as (Measured & { part: string; who: string; fault?: string })[]
    expect([...new Set(measured.map(({ part }) => part))]).toEqual(['contacts', 'unasked', 'call-logs', 'stored', 'start', 'faults'])
    expect(failuresOf(measured.filter(each => 'rounds' in each)).filter(failure => failure !== null)).toEqual([])
    const faults = measured.filter(({ part }) => part === 'faults')
    expect(new Set(faults.map(({ fault }) => fault)).size * 2).toBe(faults.length)
    expect(faults.map(({ who }) => who)).toEqual(['peer', 'surface', 'peer', 'surface', 'peer', 'surface', 'peer', 'surface'])
  }, 400_000)
})
