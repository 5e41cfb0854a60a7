'use strict'

const { LOG_DETAILS_FORMAT_TYPE } = require('@app-connect/core/lib/constants')
const { AdminConfigModel } = require('@app-connect/core/models/adminConfigModel')
const { decodeJwt } = require('@app-connect/core/lib/jwt')
const api = require('./api')

const results = {
  'Accepted': 'answered', 'Call connected': 'answered', 'Missed': 'missed', 'Voicemail': 'voicemail', 'Busy': 'busy', 'Rejected': 'rejected', 'No Answer': 'no_answer',
  'Hang Up': 'cancelled', 'Call Failed': 'failed',
}

const numberOf = party => party?.phoneNumber ?? party?.extensionNumber

function getLogFormatType() {
  return LOG_DETAILS_FORMAT_TYPE.PLAIN_TEXT
}

/** Who shall have the call in Acme: whom the administrator names by their session, else by the account's mapping of users. */
async function assigneeOf({ hashedAccountId, additionalSubmission }) {
  if (!additionalSubmission?.isAssignedToUser) return undefined
  const { adminAssignedUserToken, adminAssignedUserRcId } = additionalSubmission
  const chosen = adminAssignedUserToken ? decodeJwt(adminAssignedUserToken) : null
  if (chosen) return chosen.id.replace(/-acme$/, '')
  const config = await AdminConfigModel.findByPk(hashedAccountId)
  return config?.userMappings?.find(({ rcExtensionId }) => [rcExtensionId].flat().includes(adminAssignedUserRcId))?.crmUserId
}

async function createCallLog({ contactInfo, callLog, additionalSubmission, composedLogDetails, hashedAccountId, ...given }) {
  const other = callLog.direction === 'Inbound' ? callLog.from : callLog.to
  const user_id = await assigneeOf({ hashedAccountId, additionalSubmission })
  const { id } = await api.post(given, '/activities', {
    type: 'call',
    person_id: contactInfo.id,
    ...(user_id && { user_id }),
    external_id: callLog.sessionId,
    subject: callLog.customSubject ?? `${callLog.direction} call ${callLog.direction === 'Inbound' ? 'from' : 'to'} ${contactInfo.name || numberOf(other)}`,
    body: composedLogDetails,
    direction: callLog.direction.toLowerCase(),
    from_number: numberOf(callLog.from),
    to_number: numberOf(callLog.to),
    started_at: new Date(callLog.startTime).toISOString(),
    duration_seconds: callLog.duration ?? null,
    result: results[callLog.result] ?? null,
    recording_url: callLog.recording?.link ?? null,
    disposition: additionalSubmission?.disposition || null,
    fields: additionalSubmission?.topic ? { topic: additionalSubmission.topic } : {},
  })
  return { logId: id.toString(), returnMessage: { message: 'Call logged.', messageType: 'success', ttl: 2000 } }
}

async function getCallLog({ callLogId, ...given }) {
  const data = await api.get(given, `/activities/${encodeURIComponent(callLogId)}`)
  return {
    callLogInfo: { subject: data.subject.toString(), note: data.body.toString(), fullBody: data.body, fullLogResponse: data, dispositions: { disposition: data.disposition } },
  }
}

async function updateCallLog({ existingCallLog, subject, startTime, duration, result, recordingLink, composedLogDetails, additionalSubmission, note, ...given }) {
  // What is not said stays: JSON leaves it out.
  await api.patch(given, `/activities/${encodeURIComponent(existingCallLog.thirdPartyLogId)}`, {
    person_id: existingCallLog.contactId,
    subject: subject === '' ? 'Call' : subject,
    body: composedLogDetails,
    started_at: startTime === undefined ? undefined : new Date(startTime).toISOString(),
    duration_seconds: duration,
    result: result === undefined ? undefined : results[result] ?? null,
    recording_url: recordingLink === undefined ? undefined : recordingLink || null,
    fields: additionalSubmission === undefined ? undefined : additionalSubmission.topic ? { topic: additionalSubmission.topic } : {},
  })
  return { updatedNote: note, returnMessage: { message: 'Call log updated.', messageType: 'success', ttl: 2000 } }
}

async function upsertCallDisposition({ existingCallLog, dispositions, ...given }) {
  await api.patch(given, `/activities/${encodeURIComponent(existingCallLog.thirdPartyLogId)}`, { disposition: dispositions.disposition || null })
  return { logId: existingCallLog.thirdPartyLogId }
}

const lineOf = ({ direction, creationTime, from, subject, type }, links) =>
  `${creationTime} ${direction === 'Inbound' ? from?.name ?? from?.phoneNumber : 'We'}: ${[type === 'SMS' ? '' : type, subject, ...links].filter(Boolean).join(' ')}`

async function createMessageLog({ contactInfo, message, recordingLink, faxDocLink, imageLink, videoLink, ...given }) {
  const { id } = await api.post(given, '/activities', {
    type: 'sms', person_id: contactInfo.id, subject: `Messages with ${contactInfo.name || contactInfo.phoneNumber}`,
    body: lineOf(message, [recordingLink, faxDocLink, imageLink, videoLink]),
  })
  return { logId: id.toString() }
}

async function updateMessageLog({ existingMessageLog, message, recordingLink, faxDocLink, imageLink, videoLink, ...given }) {
  const path = `/activities/${encodeURIComponent(existingMessageLog.thirdPartyLogId)}`
  const { body } = await api.get(given, path)
  await api.patch(given, path, { body: `${body.toString()}\n${lineOf(message, [recordingLink, faxDocLink, imageLink, videoLink])}` })
  return {}
}

module.exports = { getLogFormatType, createCallLog, getCallLog, updateCallLog, upsertCallDisposition, createMessageLog, updateMessageLog }
