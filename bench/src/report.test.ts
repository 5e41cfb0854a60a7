import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { toMarkdown, writeReport, type Report } from './report.js'
import { readSettings } from './settings.js'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

const report: Report = {
  startedAt: '2026-03-02T09:00:00.000Z',
  settings: readSettings(['parse']),
  machine: {
    system: 'Linux', cpu: 'A CPU', cores: 2, memoryGb: 24, load: 0.1, node: 'v20.20.2', commit: 'abc',
    postgres: { server_version: '15.20', fsync: 'on' },
  },
  tables: [{ title: 'Speed', columns: ['who', 'per s'], rows: [['a|b', 1234.567], ['c', 0.123456], ['d', null]] }],
  measurements: [{ who: 'c', perSecond: 0.123456 }],
}

it('shows tables with three figures and what they were measured on', () => {
  const markdown = toMarkdown(report)
  expect(markdown).toContain('| who | per s |\n| --- | --- |\n| a\\|b | 1235 |\n| c | 0.123 |\n| d | - |')
  expect(markdown).toContain('A CPU, 2 cores')
  expect(markdown).toContain('PostgreSQL: server_version 15.20, fsync on.')
})

it('keeps every measurement in the file', () => {
  const path = writeReport(join(folder, 'results'), report)
  expect(path.endsWith('/results/parse.json')).toBe(true)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(report)))
})
