import { compare, summarise, type Measured, type Side } from '../comparison.js'
import { layers } from '../floor/layers.js'
import { anyOf, askFloor, askServer } from '../load/jobs.js'
import { failureTables, loadTable } from '../load-tables.js'
import { settle } from '../postgres.js'
import type { SuiteResult, Table } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage } from '../stage.js'
import { fillDirectory, installCrm } from '../tenant.js'

/** What each layer before a lookup costs: the floor behind one more of them at a time, and at last the server. */
export const measureLayers = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const installed = await installCrm(stage.server, stage.crm.host, 'With a directory')
  const directory = await fillDirectory(stage.server, installed)
  await settle(stage.database.url)

  const headers = { Authorization: `Bearer ${installed.token}` }
  const names = ['floor', ...layers.map(({ name }) => `+ ${name}`)]
  const floors = await Promise.all(names.map((_, count) => stage.startFloor(directory.id, count)))
  const sidesFor = (connections: number): Side[] => [
    ...floors.map((floor, index) => ({ who: names[index] ?? '', job: askFloor(settings, floor, connections, anyOf(0, settings.contacts), headers) })),
    { who: 'linefinder', job: askServer(settings, stage.server, installed.token, connections, anyOf(0, settings.contacts), ['directory']) },
  ]
  // A process that has just started, and tables that nobody has read, would make the first case the slowest.
  await compare(stage.load, 'unmeasured', 1, sidesFor(10))
  const measured: Measured[] = []
  for (const connections of settings.connections) measured.push(...await compare(stage.load, 'known', settings.rounds, sidesFor(connections)))
  return {
    measurements: measured,
    tables: [
      loadTable('The floor behind one more layer at a time', measured),
      ...settings.connections.map(connections => costTable(connections, measured.filter(each => each.connections === connections))),
      ...failureTables(measured),
    ],
  }
})

/** What each row costs more than the one above it. */
function costTable(connections: number, measured: readonly Measured[]): Table {
  const costs = measured.map(each => summarise(each).serverCpuMsPerRequest)
  return {
    title: `Server CPU of each layer, ${String(connections)} connections`,
    columns: ['layer', 'ms/req', 'more than without it, ms/req'],
    rows: measured.map(({ who }, index) => [who, costs[index] ?? NaN, index === 0 ? null : (costs[index] ?? NaN) - (costs[index - 1] ?? NaN)]),
  }
}
