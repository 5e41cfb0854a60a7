import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CrmAdapter } from '@linefinder/core'
import { ConfigError } from './config.js'

/** Imports each module and takes its default export. Throws `ConfigError` that names the module and what is wrong with it. */
export const loadAdapters = (modules: readonly string[]): Promise<CrmAdapter[]> => Promise.all(modules.map(module => loadAdapter(module, 'LINEFINDER_ADAPTERS')))

/** @param asker begins the message of a failure */
export async function loadAdapter(module: string, asker: string): Promise<CrmAdapter> {
  const isPath = module.startsWith('.') || isAbsolute(module)
  const loaded = await import(isPath ? pathToFileURL(resolve(module)).href : module).catch((cause: unknown) => {
    throw new ConfigError(`${asker}: cannot load ${module}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }) as { default?: unknown }
  if (!isAdapter(loaded.default)) throw new ConfigError(`${asker}: the default export of ${module} is not an adapter`)
  return loaded.default
}

/** The members without which nothing can be hosted; the server checks the rest. */
const isAdapter = (value: unknown): value is CrmAdapter =>
  typeof value === 'object' && value !== null
  && ['id', 'name', 'auth', 'contractVersion'].every(name => name in value)
  && ['getUserInfo', 'findContact', 'createContact', 'createCallLog', 'updateCallLog', 'logout']
    .every(name => typeof (value as Record<string, unknown>)[name] === 'function')
