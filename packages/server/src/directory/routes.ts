import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import { toResource } from './resource.js'

export const directoryRoutes: Route[] = [
  route(api.directory.get, async ({ caller, services }) => toResource(await services.directories.get(caller))),

  route(api.admin.directories.list, async ({ query, caller, services }) => {
    const { items, nextCursor } = await services.directories.list(caller.tenantId, query)
    return { items: items.map(toResource), nextCursor }
  }),

  route(api.admin.directories.switchOn, async ({ params, body, caller, services, setStatus }) => {
    const { directory, isCreated } = await services.directories.switchOn(caller, params.id, body)
    if (isCreated) setStatus(201)
    return toResource(directory)
  }),

  route(api.admin.directories.switchOff, async ({ params, caller, services }) => {
    await services.directories.switchOff(caller, params.id)
  }),

  route(api.admin.directories.sync, async ({ params, body, caller, services }) =>
    toResource(await services.directories.requestSync(caller, params.id, body.full ? 'full' : 'incremental'))),
]
