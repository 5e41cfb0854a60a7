import { z } from 'zod'
import { CrmError, jsonValue } from '@linefinder/core'
import type { CallLogResource } from '@linefinder/core/api'
import { isConnectorAdapter, type JsonObject } from '../extras.js'
import { dispositionConst } from './form-fields.js'
import { adapterOf, type Wire, type WireRequest } from './wire.js'

const readBackDeadlineMs = 5000

const connectorAnswer = z.object({ callLogInfo: z.record(z.string(), jsonValue).nullable() })

/**
 * What the log's form shows: as it stands in the CRM now, where people may have changed it, else as we know it. A CRM that does not answer keeps
 * nobody from their own words.
 */
export async function logDataOf(wire: Wire, asked: WireRequest<'session'>, log: CallLogResource): Promise<JsonObject> {
  const ours: JsonObject = { subject: log.subject ?? '', note: log.note ?? '', dispositions: dispositionsOf(log) }
  try {
    return { ...ours, ...await readBack(wire, asked, log) }
  } catch (error) {
    if (!(error instanceof CrmError)) throw error
    return ours
  }
}

/**
 * For a text that the server has written. A connector finds the note in App Connect's words, which are none of the text that was written for it here: it gives none of it, or all of the text, and the
 * form would be saved so. Ours is the note until it is no more in the CRM's text: then somebody has taken it out there.
 */
const isOurs = ({ fullBody }: JsonObject, note: string | undefined): boolean =>
  note !== undefined && (typeof fullBody !== 'string' || lettersOf(fullBody.replace(/<[^>]*>|&#?\w+;/g, ' ')).includes(lettersOf(note)))

const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')

async function readBack({ services, ...wire }: Wire, { caller, options }: WireRequest<'session'>, log: CallLogResource): Promise<JsonObject> {
  const adapter = adapterOf({ services, ...wire }, caller)
  const { activity } = log
  if (!activity) return {}
  const patience = { ...options, deadlineMs: readBackDeadlineMs }
  if (isConnectorAdapter(adapter)) {
    const { callLogInfo } = await services.gateway.call(caller.connection, patience, connectorAnswer, async (crm, ctx) =>
      isConnectorAdapter(crm) ? await crm.appConnect.getCallLog?.(ctx, { callLogId: activity.id, ...(log.contactId === undefined ? {} : { contactId: log.contactId }) }) ?? { callLogInfo: null } : { callLogInfo: null })
    const { note, ...info } = callLogInfo ?? {}
    return note == null || adapter.appConnect.logFormat !== null && isOurs(info, log.note) ? info : { ...info, note }
  }
  if (!adapter.getCallLog) return {}
  const key = { phoneSystem: log.phoneSystem, callId: log.callId, leg: log.leg }
  const { crmActivity } = await services.callLogs.getWithActivity(caller, key, patience)
  return {
    ...(crmActivity?.subject === undefined ? {} : { subject: crmActivity.subject }),
    ...(crmActivity?.note === undefined ? {} : { note: crmActivity.note }),
    ...(crmActivity?.body === undefined ? {} : { fullBody: crmActivity.body }),
  }
}

const dispositionsOf = ({ disposition, fields }: CallLogResource): JsonObject => ({ ...(disposition === undefined ? {} : { [dispositionConst]: disposition }), ...fields })
