import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { appConnectConnector, loadConnectors as loadModules, type ConnectorAdapter, type ConnectorOptions, type JsonObject } from '@linefinder/app-connect/connector'
import type { Logger } from 'pino'
import { ConfigError } from './config.js'

/** What `linefinder.json` beside a connector may say of each platform. */
const platformOptions = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/).optional(),
  accountKey: z.string().optional(),
  phoneSearch: z.enum(['e164', 'exact', 'contains', 'digits', 'lastDigits']).optional(),
  defaultHostname: z.string().optional(),
  contactLagMs: z.int().min(0).optional(),
  sendsIdempotencyKey: z.boolean().optional(),
  keepsUntold: z.boolean().optional(),
  identity: z.enum(['proven', 'named', 'none']).optional(),
  revokeUrl: z.string().optional(),
  pkce: z.boolean().optional(),
  clientAuthentication: z.enum(['client_secret_basic', 'client_secret_post', 'none']).optional(),
  properties: z.array(z.strictObject({ name: z.string().min(1), label: z.string().optional(), isSecret: z.boolean().default(false), isRequired: z.boolean().default(true), help: z.string().optional() })).optional(),
})
const optionsFile = z.record(z.string(), platformOptions)

export interface ConnectorEnvironment {
  /** Paths of modules, or folders of packages. */
  readonly paths: readonly string[]
  /** Names of variables that connectors may see. */
  readonly visible: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Loads connectors of App Connect with what lies beside them: `manifest.json` and `linefinder.json`. Throws `ConfigError` that names the path and what is wrong with it. */
export function loadConnectors({ paths, visible, environment }: ConnectorEnvironment, log: Logger): ConnectorAdapter[] {
  const seen = Object.fromEntries(visible.flatMap(name => environment[name] === undefined ? [] : [[name, environment[name]] as const]))
  return paths.flatMap(typed => {
    try {
      return loadFrom(resolve(typed), seen, log)
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause
      throw new ConfigError(`LINEFINDER_CONNECTORS: cannot load ${typed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  })
}

function loadFrom(path: string, environment: Readonly<Record<string, string>>, log: Logger): ConnectorAdapter[] {
  const folder = statSync(path).isDirectory() ? path : dirname(path)
  const beside = readJson(join(folder, 'manifest.json')) as JsonObject | undefined
  const options = optionsFile.parse(readJson(join(folder, 'linefinder.json')) ?? {})
  const loaded = loadModules({ path, environment })
  if (loaded.routes.length > 0) log.warn({ path, routes: loaded.routes }, 'routes of the connector’s own are not served')
  if (loaded.unguarded.length > 0) log.warn({ path, modules: loaded.unguarded }, 'the connector can reach addresses that are not checked')
  return loaded.registered.map(({ platform, manifest }) => {
    const found = manifest ?? beside
    const name = platform === '' ? undefined : platform
    const known = options[name ?? Object.keys(options)[0] ?? ''] ?? {}
    // True because zod leaves out what was not given.
    const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as ConnectorOptions
    return appConnectConnector(loaded, { ...given, environment, ...(name !== undefined && { platform: name }), ...(found && { manifest: found }) })
  })
}

const readJson = (path: string): unknown => existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as unknown : undefined
