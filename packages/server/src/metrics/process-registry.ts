import { collectDefaultMetrics, Registry } from 'prom-client'

let registry: Registry | undefined

/**
 * Event loop, memory, garbage collection and the like. They are the process's, whatever servers it holds, and their observers
 * cannot be ended: there is one set, begun when somebody first looks.
 */
export function processRegistry(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
