import { z } from 'zod'
import { CrmError, jsonValue } from '@linefinder/core'
import { isConnectorAdapter, type AppointmentAnswer, type ConnectorAdapter, type JsonObject } from '../extras.js'
import { toJson } from './failures.js'
import { parsed } from './login-routes.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

const values = z.record(z.string(), jsonValue)
const answer = z.object({ values, returnMessage: z.custom<NonNullable<AppointmentAnswer['returnMessage']>>().optional() })
const statusBody = z.object({ status: z.string().max(100) })

type Asked = WireRequest<'session'>
type Ctx = Parameters<ConnectorAdapter['getUserInfo']>[0]

/** What connectors alone have. An adapter without it says that this CRM cannot do that. */
export const connectorRoutes: WireRoute[] = [
  wireRoute('get', '/appointments', 'session', async (wire, asked) => {
    const range = Object.fromEntries(['startDate', 'endDate'].flatMap(name => asked.query.get(name) === null ? [] : [[name, asked.query.get(name)]]))
    return asAppointments(wire, asked, (crm, ctx) => crm.appConnect.listAppointments?.(ctx, range))
  }),
  wireRoute('post', '/appointments', 'session', async (wire, asked) => {
    const sent = parsed(values, asked.body)
    // It comes bare or wrapped.
    const payload = parsed(values, sent['payload'] ?? sent)
    return asAppointments(wire, asked, (crm, ctx) => crm.appConnect.createAppointment?.(ctx, payload))
  }),
  wireRoute('patch', '/appointments/:id', 'session', async (wire, asked) => {
    const sent = parsed(values, asked.body)
    return asAppointments(wire, asked, (crm, ctx) => crm.appConnect.updateAppointment?.(ctx, idIn(asked), sent))
  }),
  wireRoute('post', '/appointments/:id/status', 'session', async (wire, asked) => {
    const { status } = parsed(statusBody, asked.body)
    return asAppointments(wire, asked, (crm, ctx) => crm.appConnect.updateAppointment?.(ctx, idIn(asked), { status }))
  }),
  wireRoute('get', '/appointments/:id/refresh', 'session', async (wire, asked) => asAppointments(wire, asked, (crm, ctx) => crm.appConnect.refreshAppointment?.(ctx, idIn(asked)))),
  wireRoute('post', '/appointments/:id/confirm', 'session', async (wire, asked) => asAppointments(wire, asked, (crm, ctx) => crm.appConnect.confirmAppointment?.(ctx, idIn(asked)))),
  wireRoute('post', '/appointments/:id/cancel', 'session', async (wire, asked) => asAppointments(wire, asked, (crm, ctx) => crm.appConnect.cancelAppointment?.(ctx, idIn(asked)))),

  wireRoute('get', '/accountData', 'session', async (wire, asked) => {
    const adapter = adapterOf(wire, asked.caller)
    const known = isConnectorAdapter(adapter) ? adapter.appConnect.accountDataKeys : []
    const keys = [...new Set((asked.query.get('keys') ?? '').split(',').filter(key => key !== ''))]
    const unknown = keys.find(key => !known.includes(key))
    if (unknown !== undefined) throw new WireRefusal(400, { error: 'keys: this platform has no such account data' })
    const isForced = asked.query.get('forceRefresh') === 'true'
    const data = await wire.services.gateway.call(asked.caller.connection, asked.options, values, async (crm, ctx) =>
      Object.fromEntries(await Promise.all(keys.map(async key => [key, isConnectorAdapter(crm) ? await crm.appConnect.accountData(ctx, key, isForced) : null] as const))))
    return { successful: true, data }
  }),
]

async function asAppointments(wire: Wire, { caller, options }: Asked, ask: (crm: ConnectorAdapter, ctx: Ctx) => Promise<AppointmentAnswer> | undefined): Promise<JsonObject> {
  if (!isConnectorAdapter(adapterOf(wire, caller))) throw new CrmError('unsupported')
  const { values: said, returnMessage } = await wire.services.gateway.call(caller.connection, options, answer, async (crm, ctx) => {
    const asked = isConnectorAdapter(crm) ? ask(crm, ctx) : undefined
    if (!asked) throw new CrmError('unsupported')
    return asked
  })
  return { successful: true, ...said, ...toJson({ returnMessage }) }
}

const idIn = ({ params }: Asked): string => (params['id'] ?? '').replaceAll('\0', '').slice(0, 255)
