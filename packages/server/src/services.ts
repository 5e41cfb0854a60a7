import type { Dependencies } from './dependencies.js'
import { Callers } from './http/callers.js'
import { ClientAppService } from './tenants/client-app-service.js'

/** Everything that route handlers work with. */
export interface Services extends Dependencies {
  readonly callers: Callers
  readonly clientApps: ClientAppService
  /** Resolves once no work is under way that outlives its request. */
  idle(): Promise<void>
}

export function createServices(dependencies: Dependencies): Services {
  return {
    ...dependencies,
    callers: new Callers(dependencies.database),
    clientApps: new ClientAppService(dependencies),
    idle: async () => undefined,
  }
}
