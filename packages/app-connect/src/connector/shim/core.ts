import { connectorModuleOf, type ConnectorModule, type RegisteredConnector } from '../connector-module.js'
import type { JsonObject } from '../../extras.js'

/** What an application of connectors said while it was loaded. */
export class Registrations {
  /** Whole connectors, or what was registered of one function by function. */
  readonly #connectors = new Map<string, { module: object; manifest: JsonObject | null }>()
  #defaultManifest: JsonObject | null = null
  /** Its own routes, which are not served: `GET /path`. */
  readonly routes: string[] = []

  register(platform: string, module: unknown, manifest: JsonObject | null = null): void {
    this.#connectors.set(platform, { module: { ...connectorModuleOf(module), ...this.#connectors.get(platform)?.module }, manifest })
  }

  registerInterface(platform: string, name: string, work: unknown): void {
    const { module = {}, manifest = null } = this.#connectors.get(platform) ?? {}
    this.#connectors.set(platform, { module: { ...module, [name]: work }, manifest })
  }

  setDefaultManifest(manifest: JsonObject): void {
    this.#defaultManifest = manifest
  }

  get(platform: string): ConnectorModule {
    const found = this.#connectors.get(platform)
    if (!found) throw new Error(`no connector is registered for "${platform}"`)
    return connectorModuleOf(found.module)
  }

  manifestOf(platform: string): JsonObject | null {
    return this.#connectors.get(platform)?.manifest ?? this.#defaultManifest
  }

  all(): RegisteredConnector[] {
    return [...this.#connectors.keys()].map(platform => ({ platform, module: this.get(platform), manifest: this.manifestOf(platform) }))
  }
}

/** The root of the package: an application tells which connectors it has, and Linefinder is the server. */
export function createCore(registrations: Registrations, accountData: unknown) {
  const connectorRegistry = {
    registerConnector: (platform: string, module: unknown, manifest?: JsonObject) => { registrations.register(platform, module, manifest) },
    registerConnectorInterface: (platform: string, name: string, work: unknown) => { registrations.registerInterface(platform, name, work) },
    setDefaultManifest: (manifest: JsonObject) => { registrations.setDefaultManifest(manifest) },
    setReleaseNotes: () => undefined,
    getConnector: (platform: string) => registrations.get(platform),
    getManifest: (platform: string) => registrations.manifestOf(platform),
    getRegisteredConnectors: () => registrations.all().map(({ platform }) => platform),
    isRegistered: (platform: string) => registrations.all().some(each => each.platform === platform),
  }
  /** As the package was called before. */
  const adapterRegistry = { ...connectorRegistry, registerAdapter: connectorRegistry.registerConnector, getAdapter: connectorRegistry.getConnector }
  const createCoreApp = () => {
    const note = (method: string) => (path: unknown) => {
      if (typeof path === 'string') registrations.routes.push(`${method} ${path}`)
      return app
    }
    const nothing = () => app
    const app: Record<string, unknown> = {
      get: note('GET'), post: note('POST'), put: note('PUT'), patch: note('PATCH'), delete: note('DELETE'), all: note('ANY'),
      use: nothing, set: nothing, enable: nothing, disable: nothing, listen: nothing,
    }
    return app
  }
  return {
    connectorRegistry, adapterRegistry, createCoreApp, accountData,
    createCoreRouter: createCoreApp, createCoreMiddleware: () => [], initializeCore: async () => undefined,
  }
}
