'use strict'
// A connector as App Connect's template has them: axios without a deadline, and an API key.
const axios = require('axios')

const ask = (user, method, path, data) =>
  axios({ method, url: `http://${user.hostname}${path}`, headers: { 'X-Api-Key': user.accessToken }, ...(data === undefined ? {} : { data }) })

module.exports = {
  getAuthType: () => 'apiKey',
  getBasicAuth: ({ apiKey }) => Buffer.from(`${apiKey}:`).toString('base64'),
  getLogFormatType: () => 'text/plain',

  async getUserInfo({ apiKey, hostname }) {
    const { data } = await ask({ hostname, accessToken: apiKey }, 'get', '/me')
    return { successful: true, platformUserInfo: { id: `${data.id}-bench`, name: data.id, platformAdditionalInfo: {} } }
  },

  async unAuthorize({ user }) {
    user.accessToken = ''
    await user.save()
    return { returnMessage: { messageType: 'success', message: 'Logged out', ttl: 1000 } }
  },

  async findContact({ user, phoneNumber }) {
    const { data } = await ask(user, 'get', `/contacts?phone=${phoneNumber.replace(/\D/g, '').slice(-7)}`)
    return { successful: true, matchedContactInfo: data.items.map(({ id, name, phones }) => ({ id, name, phone: phones[0]?.number, type: 'Contact', additionalInfo: null })) }
  },

  async createContact() {
    return { contactInfo: null }
  },

  async createCallLog({ user, contactInfo, callLog, note, composedLogDetails }) {
    const { data } = await ask(user, 'post', '/activities', {
      contactId: contactInfo.id, subject: callLog.customSubject, direction: callLog.direction, startedAt: callLog.startTime, duration: callLog.duration, note, body: composedLogDetails,
    })
    return { logId: data.id }
  },

  async updateCallLog({ user, existingCallLog, note, composedLogDetails }) {
    await ask(user, 'patch', `/activities/${existingCallLog.thirdPartyLogId}`, { note, body: composedLogDetails })
    return { updatedNote: note }
  },

  async getCallLog() {
    return { callLogInfo: { subject: '', note: '', fullBody: '' } }
  },

  async upsertCallDisposition({ existingCallLog }) {
    return { logId: existingCallLog.thirdPartyLogId }
  },

  async createMessageLog({ user, contactInfo, message }) {
    const { data } = await ask(user, 'post', '/activities', { contactId: contactInfo.id, text: message?.subject })
    return { logId: data.id }
  },

  async updateMessageLog({ user, existingMessageLog, message }) {
    await ask(user, 'patch', `/activities/${existingMessageLog.thirdPartyLogId}`, { text: message?.subject })
    return {}
  },
}
