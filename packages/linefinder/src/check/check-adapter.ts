import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { matrixOf, runConformance, topics, writeMatrix, type LimitName, type Report, type Topic } from '@linefinder/conformance'
import type { CrmAdapter } from '@linefinder/core'
import { adapterOf } from '@linefinder/declarative'
import { CommandError } from '../command-error.js'
import { checkDocument } from '../document/check-document.js'
import { loadAdapter } from '../load-adapters.js'
import { adapterModuleAt } from './adapter-module.js'
import { buildAdapter } from './build-adapter.js'
import type { CheckOptions } from './check-command.js'
import { ResultPrinter } from './print-results.js'
import { checkedLimits, loadUnderTest } from './under-test.js'

/** Prints every check and the matrix. Sets the exit code to 1 when something failed. */
export async function checkAdapter(typed: string, options: CheckOptions): Promise<void> {
  const only = options.topics === undefined ? undefined : checkedTopics(namesIn(options.topics))
  const further = checkedLimits(namesIn(options.limits ?? ''))
  if (extname(typed) === '.json') return checkWholeDocument(typed, options, only, further)
  const { folder, entry, underTest } = adapterModuleAt(typed)
  if (folder !== null && options.build) await buildAdapter(folder)
  await prove(await loadAdapter(entry, 'check'), options.crmUnderTest === undefined ? underTest : resolve(options.crmUnderTest), options, only, further)
}

/** What is wrong with the text first; against a CRM only what can be used. */
async function checkWholeDocument(path: string, options: CheckOptions, only: Topic[] | undefined, further: readonly LimitName[]): Promise<void> {
  const description = checkDocument(path, options)
  if (!description) throw new CommandError(`${path} is a document. It can be used when its errors are corrected.`)
  if (options.crmUnderTest !== undefined) await prove(adapterOf(description), resolve(options.crmUnderTest), options, only, further)
}

async function prove(adapter: CrmAdapter, underTest: string, options: CheckOptions, only: Topic[] | undefined, further: readonly LimitName[]): Promise<void> {
  const { crmUnderTest, limits } = await loadUnderTest(underTest)

  const printer = new ResultPrinter(line => { console.log(line) })
  console.log(`${adapter.name} (${adapter.id})`)
  const report = await runConformance({
    adapter, crm: crmUnderTest, limits: [...new Set([...limits, ...further])], onResult: result => { printer.print(result) }, ...(only === undefined ? {} : { topics: only }),
  })
  console.log(`\n${matrixOf(report)}\n`)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.markdown !== undefined) await writeMarkdown(report, options.markdown)
  console.log(printer.summary(report))
  if (report.counts.failed > 0) process.exitCode = 1
}

async function writeMarkdown(report: Report, path: string): Promise<void> {
  if (existsSync(path)) await writeMatrix(report, path)
  else await writeFile(path, `${matrixOf(report)}\n`)
}

const namesIn = (list: string): string[] => list.split(',').map(name => name.trim()).filter(name => name !== '')

function checkedTopics(names: readonly string[]): Topic[] {
  const unknown = names.filter(name => !isTopic(name))
  if (unknown.length > 0) throw new CommandError(`No such topic: ${unknown.join(', ')}. There are: ${topics.join(', ')}.`)
  return names.filter(isTopic)
}

// A list of literals only takes its own members as arguments.
const isTopic = (name: string): name is Topic => (topics as readonly string[]).includes(name)
