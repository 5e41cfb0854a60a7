import { z } from 'zod'
import { callId, type CallId, type CallLogInput, type JsonValue } from '@linefinder/core'
import type { CallLogPatch, CallLogResource } from '@linefinder/core/api'
import { ApiError, type SessionCaller } from '@linefinder/server'
import { isConnectorAdapter, wireExtraName, type JsonObject, type WireExtra } from '../extras.js'
import { changedCallLog, fitting, moreOf, newCallLog, toAddition, toCallLog, toPatch } from './call-log-input.js'
import { newContactId } from './contact-shape.js'
import { refuseAsUnsuccessful, toJson } from './failures.js'
import { readFilled } from './form-fields.js'
import { logDataOf } from './log-data.js'
import { parsed } from './login-routes.js'
import { keepNote, takeNote } from './noted.js'
import { rcId, textOf, withoutTokens } from './rc-text.js'
import { assignedUserOf } from './rc-user-mapping.js'
import { wireRoute } from './route.js'
import { sayDone, sayWarning } from './say.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

type Asked = WireRequest<'session'>

const idsAtOnce = 100
const mostIds = 1000
const readBackAtOnce = 4

const dispositionBody = z.object({
  sessionId: rcId,
  dispositions: z.record(z.string(), z.unknown()).nullish(), additionalSubmission: z.record(z.string(), z.unknown()).nullish(),
})

const noteBody = z.object({ sessionId: rcId, note: z.string().max(100_000).nullish() })

export const callLogRoutes: WireRoute[] = [
  // MISMATCH: the server of App Connect answers five ids and drops the rest, its client asks for as many as it shows. Each gets its answer here.
  wireRoute('get', '/callLog', 'session', async (wire, asked) => {
    const ids = [...new Set((asked.query.get('sessionIds') ?? '').split(',').map(id => id.trim()).filter(id => id !== '' && id.length <= 255))].slice(0, mostIds)
    const found = new Map<string, CallLogResource>()
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      const page = ids.slice(at, at + idsAtOnce).map(id => callId.parse(id))
      for (const log of await wire.services.callLogs.find(asked.caller, { phoneSystem: asked.caller.phoneSystem, leg: '' }, page)) found.set(log.callId, log)
    }
    const withDetails = asked.query.get('requireDetails') === 'true'
    const logs: JsonObject[] = []
    for (let at = 0; at < ids.length; at += readBackAtOnce) {
      logs.push(...await Promise.all(ids.slice(at, at + readBackAtOnce).map(id => answerOf(wire, asked, id, found.get(id), withDetails))))
    }
    return { successful: true, logs }
  }, { refuse: refuseAsUnsuccessful({ logs: [] }) }),

  wireRoute('post', '/callLog', 'session', async (wire, asked) => {
    const log = parsed(newCallLog, asked.body)
    const { caller } = asked
    const key = keyOf(caller, log.logInfo.sessionId)
    if (log.contactId === newContactId) return { successful: false, ...sayWarning('Create the contact first.') }
    const isFromSSCL = asked.request.get('user-agent') === 'SSCL'
    const [form, note, assigned] = await Promise.all([
      wire.forms.of(caller, asked.options),
      textOf(log.note, 1) === undefined ? takeNote(wire, caller, key.callId) : null,
      assignedUserOf(wire, caller, log.additionalSubmission),
    ])
    const told = toCallLog(note === null ? log : { ...log, note }, (asked.body as { logInfo: typeof log.logInfo }).logInfo, form, isFromSSCL, asked.request.get('rc-account-id'))
    const input = assigned === undefined ? told : { ...told, agent: { ...told.agent, userId: assigned } }
    const accepted = await wire.services.callLogs.create(caller, key, input, wire.settings.deliveryWaitMs) ?? await addTo(wire, caller, key, input)
    return answerOfWriting(wire, caller, accepted.resource, 'Call logged.')
  }, { refuse: refuseAsUnsuccessful() }),

  wireRoute('patch', '/callLog', 'session', async (wire, asked) => {
    const change = parsed(changedCallLog, asked.body)
    const key = keyOf(asked.caller, change.sessionId)
    const more = moreOf(change)
    const patch: CallLogPatch = {
      ...toPatch(change, await wire.forms.of(asked.caller, asked.options)),
      ...(more === undefined && change.additionalSubmission == null ? {} : await withExtra(wire, asked.caller, key, {
        ...(more === undefined ? {} : { more }),
        ...(change.additionalSubmission == null ? {} : { additionalSubmission: withoutTokens(change.additionalSubmission) as JsonObject }),
      })),
    }
    const resource = await patched(wire, asked.caller, key, patch)
    return { ...answerOfWriting(wire, asked.caller, resource, 'Call log updated.'), updatedNote: resource.note ?? '' }
  }, { refuse: refuseAsUnsuccessful() }),

  wireRoute('put', '/callDisposition', 'session', async (wire, asked) => {
    const body = parsed(dispositionBody, asked.body)
    const key = keyOf(asked.caller, body.sessionId)
    const { note, ...chosen } = body.dispositions ?? {}
    const patch: CallLogPatch = {
      ...readFilled(await wire.forms.of(asked.caller, asked.options), { ...body.additionalSubmission, ...chosen }),
      // Always sent, also when nobody wrote one: an empty one changes nothing here.
      ...(typeof note === 'string' && note !== '' ? { note: note.slice(0, 100_000) } : {}),
      ...(isConnectorAdapter(adapterOf(wire, asked.caller)) ? await withExtra(wire, asked.caller, key, { dispositions: withoutTokens(body.dispositions ?? {}) as JsonObject }) : {}),
    }
    return answerOfWriting(wire, asked.caller, await patched(wire, asked.caller, key, patch), 'Call disposition updated.')
  }, { refuse: refuseAsUnsuccessful() }),

  wireRoute('post', '/callLog/cacheNote', 'session', async (wire, asked) => {
    const { sessionId, note } = parsed(noteBody, asked.body)
    await keepNote(wire, asked.caller, sessionId, note ?? '')
    return { successful: true, ...sayDone('Note kept.') }
  }),
]

interface Key {
  readonly phoneSystem: string
  readonly callId: CallId
  readonly leg: string
}

const keyOf = (caller: SessionCaller, sessionId: string): Key => ({ phoneSystem: caller.phoneSystem, callId: callId.parse(sessionId), leg: '' })

/** Sent twice, by two pages or by page and server: what is there already is added to, never lost. What is not the caller's to add to may still be theirs to take over. */
async function addTo({ services: { callLogs }, settings: { deliveryWaitMs } }: Wire, caller: SessionCaller, key: Key, input: CallLogInput): Promise<{ readonly resource: CallLogResource }> {
  try {
    return await callLogs.patch(caller, key, toAddition(input), deliveryWaitMs)
  } catch (error) {
    if (error instanceof ApiError && notToAddTo.includes(error.code)) return callLogs.put(caller, key, input, deliveryWaitMs)
    throw error
  }
}

const notToAddTo: readonly ApiError['code'][] = ['owned_by_other', 'content_deleted', 'call_log_not_found']

/** What is left out stays. A patch with nothing in it is no change, and still has to be of a log that is there. */
async function patched(wire: Wire, caller: SessionCaller, key: Key, patch: CallLogPatch): Promise<CallLogResource> {
  if (Object.keys(patch).length === 0) return getLog(wire, caller, key)
  return (await wire.services.callLogs.patch(caller, key, patch, wire.settings.deliveryWaitMs, { takesPart: true })).resource
}

/** Of one that was imported from App Connect there is little but where the CRM has it. */
async function getLog({ services: { callLogs } }: Wire, caller: SessionCaller, key: Key): Promise<CallLogResource> {
  const [found] = await callLogs.find(caller, key, [key.callId])
  return found ?? callLogs.get(caller, key)
}

/** A patch replaces `extra` as a whole, so it gets what is in it already. */
async function withExtra(wire: Wire, caller: SessionCaller, key: Key, changes: WireExtra): Promise<Pick<CallLogPatch, 'extra'>> {
  const { extra } = await getLog(wire, caller, key)
  // This surface alone writes there.
  const known = (extra?.[wireExtraName] ?? {}) as WireExtra
  const merged = { ...known, ...changes, ...(changes.more ? { more: { ...known.more, ...changes.more } } : {}) }
  return { extra: { ...extra, ...fitting(merged) } }
}

/**
 * The activity's id in the CRM; before there is one, an id of ours that stands for the call from now on: the log is kept and will be delivered,
 * so for the client it is logged.
 */
const logIdOf = ({ activity, callId: id }: CallLogResource): string => activity?.id ?? `linefinder-${id}`

async function answerOf(wire: Wire, asked: Asked, sessionId: string, log: CallLogResource | undefined, withDetails: boolean): Promise<JsonObject> {
  if (!log) return { sessionId, matched: false }
  const chosen = log.contact?.id ?? log.contactId
  return {
    sessionId, matched: true, logId: logIdOf(log),
    ...(chosen == null ? {} : { contact: { id: chosen } }),
    ...(withDetails ? { logData: await logDataOf(wire, asked, log) } : {}),
  }
}

function answerOfWriting(wire: Wire, caller: SessionCaller, log: CallLogResource, done: string): { successful: boolean; logId: string; returnMessage?: JsonValue } {
  const adapter = adapterOf(wire, caller)
  const said = isConnectorAdapter(adapter) && log.activity ? adapter.appConnect.takeMessage(caller.connection.id, log.activity.id) : null
  return { successful: log.status !== 'failed', logId: logIdOf(log), ...toJson(said ? { returnMessage: said } : sayOf(log, done)) }
}

/** What the CRM did not take is kept: whoever sends it again, or mends what is wrong, has it tried again. */
function sayOf({ status, lastError }: CallLogResource, done: string) {
  if (status === 'delivered') return sayDone(done)
  if (status === 'failed') return sayWarning(`The CRM has not taken the log: ${lastError?.detail ?? lastError?.code ?? 'it said no reason'}.`.replace(/\.\.$/, '.'))
  if (lastError?.code === 'needs_reconnect') return sayWarning('The log is kept. Connect to the CRM again to have it delivered.')
  return sayDone(status === 'retrying' ? 'The log is kept and will be in the CRM as soon as it answers.' : done)
}

