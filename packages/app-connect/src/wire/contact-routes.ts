import { z } from 'zod'
import { jsonValue, type JsonValue } from '@linefinder/core'
import type { LookupResult } from '@linefinder/core/api'
import { isConnectorAdapter, type ConnectorAdapter, type ConnectorExtras, type ContactsAnswer, type JsonObject, type ReturnMessage } from '../extras.js'
import { newContactEntry, onlyType, toWireContact } from './contact-shape.js'
import { refuseAsUnsuccessful, toJson } from './failures.js'
import { additionalInfoOf } from './form-fields.js'
import { parsed } from './login-routes.js'
import { withoutTokens } from './rc-text.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import { sayDone, sayWarning } from './say.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

const newContactBody = z.object({
  phoneNumber: z.string().trim().min(1).max(100), newContactName: z.string().trim().min(1).max(255),
  newContactType: z.string().max(100).nullish(), additionalSubmission: z.record(z.string(), z.unknown()).nullish(),
})

/** A contact that is not there; the client reads its id all the same. */
const noContact = { id: null, name: '', type: '', additionalInfo: null }

export const contactRoutes: WireRoute[] = [
  wireRoute('get', '/contact', 'session', async (wire, asked) => {
    const phoneNumber = phoneIn(asked.query)
    const adapter = adapterOf(wire, asked.caller)
    if (isConnectorAdapter(adapter)) return asConnectorSays(wire, asked, (crm, ctx) => crm.appConnect.findContact(ctx, {
      phoneNumber, overridingFormat: asked.query.get('overridingFormat') ?? '', isExtension: asked.query.get('isExtension') ?? 'false',
      isForceRefreshAccountData: asked.query.get('isForceRefreshAccountData') === 'true',
    }))
    const [found, form] = await Promise.all([
      wire.services.contacts.lookUp(asked.caller, { text: phoneNumber }, {
        deadlineMs: wire.settings.lookupDeadlineMs, fresh: asked.query.get('isForceRefreshAccountData') === 'true',
      }, asked.options),
      wire.forms.of(asked.caller, asked.options),
    ])
    // Not taken for nobody: the client asks again.
    if (found.status === 'pending') return { successful: false, contact: null, ...sayWarning('The CRM has not answered yet. Try again in a moment.') }
    const additionalInfo = additionalInfoOf(form)
    return { successful: true, contact: [...found.contacts.map(each => toWireContact(each, additionalInfo, phoneNumber)), newContactEntry(additionalInfo)] }
  }, { refuse: refuseAsUnsuccessful({ contact: null }) }),

  wireRoute('post', '/contact', 'session', async (wire, asked) => {
    const body = parsed(newContactBody, asked.body)
    const type = body.newContactType ?? ''
    const phone = plusRestored(body.phoneNumber)
    let told: Awaited<ReturnType<NonNullable<ConnectorExtras['createContact']>>> | undefined
    const created = await wire.services.contacts.create(asked.caller, { name: body.newContactName, phone, ...(type === '' || type === onlyType ? {} : { type }) }, asked.options, async (crm, ctx, input) => {
      if (!isConnectorAdapter(crm) || !crm.appConnect.createContact) return crm.createContact(ctx, input)
      told = await crm.appConnect.createContact(ctx, {
        phoneNumber: phone, newContactName: body.newContactName, newContactType: type, additionalSubmission: withoutTokens(body.additionalSubmission ?? {}) as JsonObject,
      })
      return told.contact
    })
    const form = await wire.forms.of(asked.caller, asked.options)
    return {
      successful: true, contact: { ...toWireContact(created, additionalInfoOf(form)), ...told?.shown, id: created.id },
      ...(told?.returnMessage ? toJson(told) : sayDone('Contact created.')),
    }
  }, { refuse: refuseAsUnsuccessful({ contact: noContact }) }),

  wireRoute('get', '/custom/contact/search', 'session', async (wire, asked) => {
    const name = nameIn(asked.request.url).trim()
    if (name === '') return { successful: true, contact: [], ...sayWarning('Type a name to search for.') }
    const adapter = adapterOf(wire, asked.caller)
    if (isConnectorAdapter(adapter) && adapter.appConnect.findContactWithName) {
      return asConnectorSays(wire, asked, async (crm, ctx) => await crm.appConnect.findContactWithName?.(ctx, name) ?? { contacts: [] })
    }
    const [found, form] = await Promise.all([wire.services.contacts.findByName(asked.caller, name, asked.options), wire.forms.of(asked.caller, asked.options)])
    return { successful: true, contact: found.contacts.map(each => toWireContact(each, additionalInfoOf(form))), ...sayOfSearch(found) }
  }, { refuse: refuseAsUnsuccessful({ contact: [] }) }),
]

const sayOfSearch = ({ contacts }: LookupResult): object => contacts.length === 0 ? sayWarning('No contact found.') : {}

const contactsAnswer = z.object({ contacts: z.array(z.record(z.string(), jsonValue)), returnMessage: z.custom<ReturnMessage>().optional() })

/** A connector's contacts go on as it gives them, with the choices that its own form wants. */
async function asConnectorSays(
  { services }: Wire, { caller, options }: WireRequest<'session'>,
  ask: (crm: ConnectorAdapter, ctx: Parameters<ConnectorAdapter['getUserInfo']>[0]) => Promise<ContactsAnswer>,
): Promise<object> {
  const { contacts, returnMessage } = await services.gateway.call(caller.connection, options, contactsAnswer, async (crm, ctx) =>
    isConnectorAdapter(crm) ? ask(crm, ctx) : { contacts: [] })
  const said = returnMessage === undefined && contacts.length === 0 ? sayWarning('No contact found.') : { returnMessage }
  return { successful: true, contact: contacts.map(each => ({ additionalInfo: null as JsonValue, ...each })), ...toJson(said) }
}

function phoneIn(query: URLSearchParams): string {
  const phoneNumber = plusRestored(query.get('phoneNumber') ?? '')
  if (phoneNumber.trim() === '') throw new WireRefusal(400, { error: 'phoneNumber: is missing' })
  return phoneNumber
}

/** The client does not encode names, so an `&` in one looks like the begin of the next parameter: one that has no `=` is none. */
function nameIn(url: string): string {
  const parts = url.replace(/^[^?]*\??/, '').split('&')
  const at = parts.findIndex(part => part.startsWith('name='))
  const rest = parts.slice(at + 1)
  const end = rest.findIndex(part => part.includes('='))
  const text = at === -1 ? '' : [parts[at], ...rest.slice(0, end === -1 ? undefined : end)].join('%26')
  return new URLSearchParams(text).get('name') ?? ''
}

/** The client does not encode the `+`, which arrives as a space; a number never begins with one. */
const plusRestored = (number: string): string => number.replace(/^ /, '+')
