import { api } from '@linefinder/core/api'
import { ApiError } from './api-error.js'
import { route, type Route } from './route.js'

export const healthRoutes: Route[] = [
  route(api.health.live, async () => ({ status: 'ok' as const })),

  route(api.health.ready, async ({ services }) => {
    if (services.isStopping()) throw new ApiError('not_ready', { detail: 'The server is stopping.' })
    await services.database.ping().catch((cause: unknown) => {
      throw new ApiError('not_ready', { detail: 'The database does not answer.', cause })
    })
    return { status: 'ready' as const }
  }),
]
