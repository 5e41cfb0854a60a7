import { api } from '@linefinder/core/api'
import { connectionOf } from '../connections/connection-of.js'
import { actorOf } from '../http/caller.js'
import { route, type Route } from '../http/route.js'

const { users } = api.admin

export const userRoutes: Route[] = [
  route(users.list, async ({ params, caller: { tenantId }, services, requestId, log, signal }) => {
    const { crmAccountId } = await services.connections.get(tenantId, params.id)
    const connection = await connectionOf(services, { tenantId, connectionId: params.id })
    return { items: await services.userMapping.suggest({ ...connection, crmAccountId }, { requestId, log, signal }) }
  }),

  route(users.mapping, async ({ params, caller: { tenantId }, services }) => {
    const { crmAccountId } = await services.connections.get(tenantId, params.id)
    return { entries: await services.userMapping.list(tenantId, crmAccountId) }
  }),

  route(users.replaceMapping, async ({ params, body: { entries }, caller, services, requestId, log, signal }) => {
    const { tenantId } = caller
    const { crmAccountId } = await services.connections.get(tenantId, params.id)
    const connection = await connectionOf(services, { tenantId, connectionId: params.id })
    await services.userMapping.checkUsers(connection, entries, { requestId, log, signal })
    return { entries: await services.userMapping.replace(tenantId, crmAccountId, entries, actorOf(caller)) }
  }),
]
