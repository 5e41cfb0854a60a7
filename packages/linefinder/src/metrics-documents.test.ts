import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { createServer, type LinefinderServer } from '@linefinder/server'

const read = (document: string) => readFile(fileURLToPath(new URL(`../../../docs/${document}`, import.meta.url)), 'utf8')

let server: LinefinderServer
let text = ''
beforeAll(async () => {
  server = await createServer({ adapters: [], metricsPort: 0, runsJobs: false })
  await server.listen()
  text = await (await fetch(server.metricsUrl()!)).text()
})
afterAll(() => server.stop())

const typesOf = () => new Map([...text.matchAll(/^# TYPE (linefinder_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]))
/** As queries name them. */
const seriesOf = () => [...typesOf()].flatMap(([name, type]) => type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])

describe('the table of metrics', () => {
  it('names every metric, and no other', async () => {
    const rows = [...(await read('operations.md')).matchAll(/^\| `(linefinder_\w+)` \|/gm)].map(([, name]) => name)
    expect(rows.length).toBeGreaterThan(10)
    expect([...rows].sort()).toEqual([...typesOf().keys()].sort())
  })

  it('says which are histograms', async () => {
    const rows = [...(await read('operations.md')).matchAll(/^\| `(linefinder_\w+)` \|.*\| histogram/gm)].map(([, name]) => name)
    expect(rows.sort()).toEqual([...typesOf()].filter(([, type]) => type === 'histogram').map(([name]) => name).sort())
  })
})

describe('docs/alerts.yml', () => {
  const rule = z.strictObject({
    alert: z.string().regex(/^Linefinder\w+$/), expr: z.string(), for: z.string().regex(/^\d+[mh]$/).optional(),
    labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
    annotations: z.strictObject({ summary: z.string(), description: z.string().optional() }),
  })
  const rules = async () => z.strictObject({ groups: z.tuple([z.strictObject({ name: z.string(), rules: z.array(rule) })]) })
    .parse(parse(await read('alerts.yml'))).groups[0].rules

  it('holds five rules, each of its own name', async () => {
    expect(new Set((await rules()).map(({ alert }) => alert)).size).toBe(5)
  })

  it('asks for metrics that exist', async () => {
    const asked = (await rules()).flatMap(({ expr }) => expr.match(/\w*linefinder\w*/g) ?? [])
    expect(asked.length).toBeGreaterThanOrEqual(5)
    expect(asked.filter(name => !seriesOf().includes(name))).toEqual([])
  })
})
