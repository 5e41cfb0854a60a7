'use strict'

const { upsertCallAgentNote, upsertCallDuration, upsertCallResult } = require('@app-connect/core/lib/callLogComposer')
const { LOG_DETAILS_FORMAT_TYPE } = require('@app-connect/core/lib/constants')
const { getTimeZone, secondsToHoursMinutesSeconds } = require('@app-connect/core/lib/util')
const { childText } = require('./xml')
const { ask, queryOf } = require('./api')

/** `24.11.2026 15:04`, by the clocks of the user. */
function localTime(instant, timeZone) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const { day, month, year, hour, minute } = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  return `${day}.${month}.${year} ${hour}:${minute}`
}

const zoneOf = ({ timezoneName, platformAdditionalInfo }) => timezoneName || getTimeZone(platformAdditionalInfo.country, platformAdditionalInfo.state)

async function write(user, customer, kind, date, text) {
  const { children: [activity] } = await ask({ user }, '/activities', { form: { customer, kind, date, text } })
  return activity.attributes.no.toString()
}

/** A text of our own where the caller gives none. */
const textOf = ({ composedLogDetails, note, duration, result }) => composedLogDetails || [
  body => upsertCallAgentNote({ body, note, logFormat: LOG_DETAILS_FORMAT_TYPE.PLAIN_TEXT }),
  body => upsertCallDuration({ body, duration, logFormat: LOG_DETAILS_FORMAT_TYPE.PLAIN_TEXT }),
  body => upsertCallResult({ body, result, logFormat: LOG_DETAILS_FORMAT_TYPE.PLAIN_TEXT }),
].reduce((body, step) => step(body), '')

async function createCallLog({ user, contactInfo, callLog, note, composedLogDetails }) {
  const text = textOf({ composedLogDetails, note, ...callLog })
  const logId = await write(user, contactInfo.id, 'CALL', localTime(callLog.startTime, zoneOf(user)), `${text}\n[${callLog.sessionId}]`)
  return { logId, returnMessage: { message: `Logged: ${secondsToHoursMinutesSeconds(callLog.duration ?? 0)}.`, messageType: 'success', ttl: 2000 } }
}

/** Everything that was written of the call, oldest first. */
async function writtenOf(user, mark) {
  const found = []
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const { attributes, children } = await ask({ user }, '/activities', { query: queryOf({ text: mark, page: String(page) }) })
    found.push(...children.filter(({ name }) => name === 'activity'))
    pages = Number(attributes.pages ?? 0)
  }
  return found
}

/** An activity cannot be changed, so another one tells what is new; once, however often it is said. */
async function updateCallLog({ user, existingCallLog, ...changes }) {
  const mark = `[${existingCallLog.sessionId}]`
  const written = await writtenOf(user, mark)
  const first = written[0]
  if (!first) {
    const error = new Error('the call is not there')
    error.response = { status: 404, headers: {} }
    throw error
  }
  const customer = existingCallLog.contactId ?? first.attributes.customer
  const text = `Addition to the call (no. ${existingCallLog.thirdPartyLogId})\n${textOf(changes) || changes.subject || 'Nothing more is known.'}\n${mark}`
  const isTold = [...written].reverse().some(entry => entry.attributes.customer === customer && childText(entry, 'text') === text)
  if (!isTold) await write(user, customer, 'NOTE', childText(first, 'date'), text)
  return { updatedNote: changes.note }
}

module.exports = { createCallLog, updateCallLog }
