import { z } from 'zod'
import { CrmError, logField } from '@linefinder/core'
import { api, disposition } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

const [fields, dispositions] = [z.array(logField), z.array(disposition)]

export const logFieldRoutes: Route[] = [
  route(api.logFields.list, async ({ query: { kind, contact_id: contactId }, caller, services, requestId, log, signal }) => ({
    items: await services.gateway.call(caller.connection, { requestId, log, signal }, fields, (crm, ctx) => {
      if (!crm.fields) throw new CrmError('unsupported')
      return crm.fields(ctx, { kind, contactId: contactId ?? null })
    }),
  })),

  route(api.logFields.dispositions, async ({ caller, services, requestId, log, signal }) => ({
    items: await services.gateway.call(caller.connection, { requestId, log, signal }, dispositions, (crm, ctx) => {
      if (!crm.listDispositions) throw new CrmError('unsupported')
      return crm.listDispositions(ctx)
    }),
  })),
]
