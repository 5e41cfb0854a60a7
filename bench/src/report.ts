import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from './machine.js'
import type { Settings } from './settings.js'

export type Cell = string | number | null

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What a suite brings: tables to read, and every single measurement behind them. */
export interface SuiteResult {
  readonly tables: readonly Table[]
  readonly measurements: readonly unknown[]
}

export interface Report extends SuiteResult {
  readonly startedAt: string
  readonly machine: Machine
  readonly settings: Settings
}

export function toMarkdown({ startedAt, machine, settings, tables }: Report): string {
  const { postgres, ...host } = machine
  return [
    `# ${settings.suite}, ${startedAt}`,
    `${host.cpu}, ${String(host.cores)} cores, ${String(host.memoryGb)} GB, ${host.system}, Node ${host.node}, load ${String(host.load)}, commit ${host.commit ?? 'unknown'}.`,
    postgres === null ? 'No PostgreSQL.' : `PostgreSQL: ${Object.entries(postgres).map(pair => pair.join(' ')).join(', ')}.`,
    `${String(settings.contacts)} contacts, ${String(settings.seconds)} s each after ${String(settings.warmUpSeconds)} s of warm-up, ${String(settings.rounds)} rounds, seed ${String(settings.seed)}.`,
    ...tables.map(tableToMarkdown),
  ].join('\n\n')
}

/** Returns the file's path. */
export function writeReport(folder: string, report: Report): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${report.settings.suite}.json`)
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`)
  return path
}

export const tableToMarkdown = ({ title, columns, rows }: Table): string =>
  [`## ${title}\n`, row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n')

const row = (cells: readonly Cell[]): string => `| ${cells.map(cellToText).join(' | ')} |`

/** Three figures are all that a measurement of seconds can tell. */
function cellToText(cell: Cell): string {
  if (cell === null || Number.isNaN(cell)) return '-'
  if (typeof cell === 'string') return cell.replaceAll('|', '\\|')
  return Math.abs(cell) >= 100 ? String(Math.round(cell)) : String(Number(cell.toPrecision(3)))
}
