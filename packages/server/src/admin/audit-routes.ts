import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

export const auditRoutes: Route[] = [
  route(api.admin.audit.list, async ({ query: { since, until, ...query }, caller, services }) =>
    services.admin.audit.list(caller.tenantId, { ...query, since: dateOf(since), until: dateOf(until) })),
]

const dateOf = (instant: string | undefined): Date | undefined => instant === undefined ? undefined : new Date(instant)
