import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { contactId, type CallbackInput, type CallbackStatus } from '@linefinder/core'
import type { CallbackPatch, CallbackResource } from '@linefinder/core/api'
import type { SessionCaller } from '@linefinder/server'
import type { JsonObject } from '../extras.js'
import { present } from './call-log-input.js'
import { onlyType } from './contact-shape.js'
import { refuseAsError } from './failures.js'
import { scope } from './kept-settings.js'
import { parsed } from './login-routes.js'
import { instantOf, textOf } from './rc-text.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import type { Wire, WireRoute } from './wire.js'

const text = z.string().nullish()
const moment = z.union([z.string(), z.number()]).nullish()

const item = z.object({
  contactId: z.coerce.string<unknown>().nullish(), contactType: text, contactName: text, phoneNumber: text, scheduledAt: moment,
  status: z.enum(['Called', 'Not Called']).nullish(), lastCallAt: moment, note: text,
})
type Item = z.infer<typeof item>

/** What of an item is no member of ours. */
const rest = z.object({ contactType: z.string().optional(), lastCallAt: z.string().optional() })

const pageSize = 100
const mostListed = 1000

/** App Connect's list of people to call: our callbacks. Every failure here is 400 with JSON, also that there is no such item. */
export const calldownRoutes: WireRoute[] = [
  wireRoute('post', '/calldown', 'session', async (wire, asked) => {
    const sent = parsed(item, asked.body)
    const number = textOf(sent.phoneNumber?.trim(), 100)
    if (number === undefined) throw new WireRefusal(400, { error: 'phoneNumber: is missing' })
    const id = randomUUID()
    const content: CallbackInput = { number, dueAt: instantOf(sent.scheduledAt) ?? new Date().toISOString(), status: statusOf(sent) ?? 'open', ...changesOf(sent) }
    await keepRest(wire, asked.caller, id, sent)
    await wire.services.callbacks.put(asked.caller, keyOf(asked.caller, id), content, 0)
    return { successful: true, id }
  }, { refuse: refuseAsError }),

  wireRoute('get', '/calldown', 'session', async (wire, { caller, query }) => {
    const wanted = query.get('status')
    const states: CallbackStatus[] = wanted === 'Called' ? ['done'] : wanted === 'Not Called' ? ['open'] : ['open', 'done']
    const items = (await Promise.all(states.map(status => listed(wire, caller, status)))).flat()
    const kept = new Map((await wire.services.settings.list(caller.tenantId, scope, ownerOf(caller))).map(({ name, value }) => [name, rest.catch({}).parse(value)]))
    return { successful: true, items: items.map(each => toItem(each, kept.get(each.callbackId) ?? {})) }
  }, { refuse: refuseAsError }),

  wireRoute('patch', '/calldown/:id', 'session', async (wire, asked) => {
    const sent = parsed(item, asked.body)
    const id = idIn(asked.params)
    const dueAt = instantOf(sent.scheduledAt)
    const [number, status] = [textOf(sent.phoneNumber?.trim(), 100), statusOf(sent)]
    const patch: CallbackPatch = { ...changesOf(sent), ...present({ number, dueAt, status }) }
    if (Object.keys(patch).length === 0) await wire.services.callbacks.get(asked.caller, keyOf(asked.caller, id))
    else await wire.services.callbacks.patch(asked.caller, keyOf(asked.caller, id), patch, 0)
    await keepRest(wire, asked.caller, id, sent)
    return { successful: true }
  }, { refuse: refuseAsError }),

  wireRoute('delete', '/calldown/:id', 'session', async (wire, { caller, params }) => {
    const id = idIn(params)
    await wire.services.callbacks.remove(caller, keyOf(caller, id))
    await wire.services.settings.delete(caller.tenantId, { scope, owner: ownerOf(caller), name: id })
    return { successful: true }
  }, { refuse: refuseAsError }),
]

async function listed({ services }: Wire, caller: SessionCaller, status: CallbackStatus): Promise<CallbackResource[]> {
  const items: CallbackResource[] = []
  let cursor: string | undefined
  do {
    const page = await services.callbacks.list(caller, { status, unassigned: false, limit: pageSize, phoneSystem: caller.phoneSystem, cursor })
    items.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && items.length < mostListed)
  return items
}

const ownerOf = ({ connection }: SessionCaller): string => `calldown:${connection.id}`
const keyOf = (caller: SessionCaller, callbackId: string) => ({ phoneSystem: caller.phoneSystem, callbackId })
const idIn = (params: Readonly<Record<string, string>>): string => (params['id'] ?? '').replaceAll('\0', '').slice(0, 255)

const statusOf = ({ status }: Item): CallbackStatus | undefined => status == null ? undefined : status === 'Called' ? 'done' : 'open'

const changesOf = (sent: Item): Pick<CallbackInput, 'name' | 'contactId' | 'note'> => {
  const chosen = textOf(sent.contactId, 255)
  return present({ name: textOf(sent.contactName, 255), contactId: chosen === undefined ? undefined : contactId.parse(chosen), note: textOf(sent.note, 100_000) })
}

async function keepRest({ services: { settings } }: Wire, caller: SessionCaller, id: string, sent: Item): Promise<void> {
  const changed = present({ contactType: textOf(sent.contactType, 100), lastCallAt: instantOf(sent.lastCallAt) })
  if (Object.keys(changed).length === 0) return
  const key = { scope, owner: ownerOf(caller), name: id }
  const known = rest.catch({}).parse((await settings.get(caller.tenantId, key))?.value)
  await settings.put(caller.tenantId, key, { ...known, ...changed })
}

const toItem = ({ callbackId, contactId: contact, name, number, status, dueAt, note }: CallbackResource, { contactType, lastCallAt }: z.infer<typeof rest>): JsonObject => ({
  id: callbackId, contactId: contact ?? '', contactType: contactType ?? onlyType, contactName: name ?? '', phoneNumber: number,
  status: status === 'open' ? 'Not Called' : 'Called', scheduledAt: dueAt, lastCallAt: lastCallAt ?? null, note: note ?? '',
})
