import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, extname, sep } from 'node:path'
import { compileFunction, constants } from 'node:vm'
import { connectorModuleOf, type RegisteredConnector } from './connector-module.js'
import type { Output } from './connector-call.js'
import { guardedAxios } from './guarded-axios.js'
import { currentScope } from './scope.js'
import { corePackage, createShim, type Shim } from './shim/index.js'

export interface LoaderOptions {
  /** The file, or the folder of a package. */
  readonly path: string
  /** What the connector finds in `process.env`; an installation's properties of the same names come before. Nothing else is there. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where goes what it prints and logs. Default nowhere: names, notes and tokens are in it. */
  readonly output?: Output
}

export interface LoadedConnectors {
  readonly exported: unknown
  /** What registered itself, or the module itself under no name. */
  readonly registered: readonly RegisteredConnector[]
  /** Routes of the application's own, which are not served. */
  readonly routes: readonly string[]
  readonly shim: Shim
  /** Modules of Node that it requires itself, and by which it can reach what the rules for addresses do not see. */
  readonly unguarded: readonly string[]
}

interface CommonJsModule {
  exports: unknown
  readonly filename: string
  readonly id: string
  loaded: boolean
  readonly children: CommonJsModule[]
}

const networkModules = new Set(['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'child_process', 'worker_threads', 'cluster'])

/**
 * Loads the CommonJS modules of a connector, each file of its own folder once and for itself: a second connector shares nothing with it. Whatever lies in
 * `node_modules` is loaded by Node as ever. This keeps connectors apart; it is no sandbox, so load only code that you trust.
 */
export function loadConnectors({ path, environment = {}, output = () => undefined }: LoaderOptions): LoadedConnectors {
  const entry = createRequire(realpathSync(statSync(path).isDirectory() ? `${path}${sep}package.json` : path)).resolve(realpathSync(path))
  const root = rootOf(entry)
  const axios = guardedAxios()
  const environmentOf = (name: string) => variableOf(name, environment)
  const shim = createShim({ axios, output, environment: environmentOf, requireOwn: createRequire(entry) })
  const modules = new Map<string, CommonJsModule>()
  const unguarded = new Set<string>()
  const globals = { process: withEnvironment(environment), console: consoleTo(output) }

  const load = (filename: string, parent: CommonJsModule | null): unknown => {
    const known = modules.get(filename)
    if (known) return known.exports
    const module: CommonJsModule = { exports: {}, filename, id: filename, loaded: false, children: [] }
    modules.set(filename, module)
    parent?.children.push(module)
    try {
      if (extname(filename) === '.json') module.exports = JSON.parse(readFileSync(filename, 'utf8')) as unknown
      else run(module)
    } catch (error) {
      modules.delete(filename)
      throw error
    }
    module.loaded = true
    return module.exports
  }

  const run = (module: CommonJsModule): void => {
    const { filename } = module
    const source = readFileSync(filename, 'utf8').replace(/^#!.*/, '')
    const names = ['exports', 'require', 'module', '__filename', '__dirname', 'process', 'console']
    const work = compileFunction(source, names, { filename, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }) as (...given: unknown[]) => void
    work.call(module.exports, module.exports, requireFor(module), module, filename, dirname(filename), globals.process, globals.console)
  }

  const requireFor = (module: CommonJsModule) => {
    const native = createRequire(module.filename)
    const require = (name: string): unknown => {
      if (name === 'axios') return axios
      if (name === corePackage || name.startsWith(`${corePackage}/`)) return shimmed(shim, name)
      const plain = name.replace(/^node:/, '')
      if (isBuiltin(name)) {
        if (plain === 'process') return globals.process
        if (plain === 'console') return globals.console
        if (networkModules.has(plain.split('/')[0] ?? '')) unguarded.add(plain)
        return native(name)
      }
      const file = native.resolve(name)
      return isOwn(root, name, file) ? load(file, module) : native(file)
    }
    return Object.assign(require, { resolve: (name: string) => native.resolve(name), cache: {}, main: undefined, extensions: {} })
  }

  const exported = load(entry, null)
  const registered = shim.registrations.all()
  return { exported, registered: registered.length > 0 ? registered : [{ platform: '', module: connectorModuleOf(exported), manifest: null }], routes: shim.registrations.routes, shim, unguarded: [...unguarded] }
}

/** A file of the connector's, and not of a package that it uses; it may itself be an installed package. */
function isOwn(root: string, name: string, file: string): boolean {
  const place = file.startsWith(root) ? file.slice(root.length) : file
  return /^\.{0,2}\//.test(name) && !place.includes(`${sep}node_modules${sep}`)
}

/** The folder of the package that the file is part of, else its own. */
function rootOf(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) if (existsSync(`${folder}${sep}package.json`)) return folder
  return dirname(file)
}

function shimmed({ modules }: Shim, name: string): unknown {
  const path = name.slice(corePackage.length + 1).replace(/^dist\//, '').replace(/\.js$/, '')
  const found = modules.get(path === 'index' ? '' : path)
  if (found === undefined) throw new Error(`a connector cannot have ${name} here; there are: ${[...modules.keys()].map(each => each === '' ? corePackage : `${corePackage}/${each}`).join(', ')}`)
  return found
}

/** Properties of the installation whose call it is, then what the operator gave. */
function variableOf(name: string, environment: Readonly<Record<string, string>>): string | undefined {
  const installation = currentScope()?.installation
  const properties = installation?.settings['properties'] as Readonly<Record<string, unknown>> | undefined
  for (const source of [installation?.secrets, properties, environment]) {
    if (source === undefined || !Object.hasOwn(source, name)) continue
    const value = source[name]
    if (typeof value === 'string') return value
  }
  return name === 'NODE_ENV' ? 'production' : undefined
}

/** The real `process` with another environment. */
function withEnvironment(environment: Readonly<Record<string, string>>): NodeJS.Process {
  const own: Record<string, string> = {}
  const env = new Proxy(own, {
    get: (target, name) => typeof name === 'string' ? target[name] ?? variableOf(name, environment) : undefined,
    has: (target, name) => typeof name === 'string' && (name in target || variableOf(name, environment) !== undefined),
  })
  return new Proxy(process, {
    get(target, name) {
      if (name === 'env') return env
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    },
  })
}

function consoleTo(output: Output): Partial<Console> {
  const to = (level: Parameters<Output>[0]) => (...words: unknown[]) => { output(level, words) }
  return {
    log: to('info'), info: to('info'), warn: to('warn'), error: to('error'), debug: to('debug'), trace: to('debug'), dir: to('debug'), table: to('debug'),
    group: () => undefined, groupEnd: () => undefined, time: () => undefined, timeEnd: () => undefined, assert: () => undefined,
  }
}
