import { api } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'

/** When to ask again while a search goes on. */
const retryAfterSeconds = 2

export const contactRoutes: Route[] = [
  route(api.contacts.find, async ({ query, caller, services, response, requestId, log, signal }) => {
    const options = { requestId, log, signal }
    const { phone, country, extension, name, deadline_ms: deadlineMs, fresh } = query
    // The schema lets exactly one of the two through.
    if (phone === undefined) return services.contacts.findByName(caller, name ?? '', options)
    const result = await services.contacts.lookUp(caller, { text: phone, country, extension }, { deadlineMs, fresh }, options)
    if (result.status === 'pending') response.setHeader('Retry-After', String(retryAfterSeconds))
    return result
  }),

  route(api.contacts.explain, async ({ query: { phone, country, extension }, caller, services, requestId, log, signal }) =>
    services.lookupExplainer.explain(caller, { text: phone, country, extension }, { requestId, log, signal })),

  route(api.contacts.lookup, async ({ body, caller, services, requestId, log, signal }) => {
    const asked = body.numbers.map(({ phone: text, ...rest }) => ({ text, ...rest }))
    return { items: await services.contacts.lookUpMany(caller, asked, body.deadlineMs, { requestId, log, signal }) }
  }),

  route(api.contacts.create, async ({ body, caller, services, requestId, log, signal }) =>
    services.contacts.create(caller, body, { requestId, log, signal })),

  route(api.contacts.addNumber, async ({ params, body, caller, services, requestId, log, signal }) =>
    services.contacts.addNumber(caller, params.id, body, { requestId, log, signal })),
]
