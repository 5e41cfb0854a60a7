import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

export const contactRoutes: Route[] = [
  route(api.contacts.find, async ({ query: { phone, country, name }, caller, services, requestId, log, signal }) => {
    const options = { requestId, log, signal }
    // The schema lets exactly one of the two through.
    return phone === undefined
      ? services.contacts.findByName(caller, name ?? '', options)
      : services.contacts.findByPhone(caller, phone, country, options)
  }),

  route(api.contacts.create, async ({ body, caller, services, requestId, log, signal }) =>
    services.contacts.create(caller, body, { requestId, log, signal })),
]
