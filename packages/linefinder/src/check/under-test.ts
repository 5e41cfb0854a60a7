import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { limitMeanings, type CrmUnderTest, type LimitName } from '@linefinder/conformance'
import { CommandError } from '../command-error.js'

export interface UnderTest {
  crmUnderTest(): Promise<CrmUnderTest>
  readonly limits: readonly LimitName[]
}

/** Throws `CommandError` when there is no such module, or it does not export what is needed. */
export async function loadUnderTest(path: string): Promise<UnderTest> {
  if (!existsSync(path)) throw new CommandError(`There is no ${path}, which exports crmUnderTest(): the CRM that the adapter is tried against. Name another with --crm-under-test.`)
  // A module is whatever it exports; what is needed of it is looked at below.
  const loaded = await import(pathToFileURL(path).href) as { crmUnderTest?: unknown; limits?: unknown }
  if (typeof loaded.crmUnderTest !== 'function') throw new CommandError(`${path} exports no function crmUnderTest.`)
  const limits = loaded.limits ?? []
  if (!Array.isArray(limits)) throw new CommandError(`${path} exports limits that are no list.`)
  // What it gives is taken by the kit as any caller's is.
  return { crmUnderTest: loaded.crmUnderTest as UnderTest['crmUnderTest'], limits: checkedLimits(limits.map(String)) }
}

export function checkedLimits(names: readonly string[]): LimitName[] {
  const unknown = names.filter(name => !isLimit(name))
  if (unknown.length > 0) throw new CommandError(`No such limit: ${unknown.join(', ')}. There are: ${Object.keys(limitMeanings).join(', ')}.`)
  return names.filter(isLimit)
}

const isLimit = (name: string): name is LimitName => Object.hasOwn(limitMeanings, name)
