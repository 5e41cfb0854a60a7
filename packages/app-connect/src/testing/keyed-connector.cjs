'use strict'

// A connector with an API key that writes a whole text with every change, and keeps a note under the client of its contact.
const axios = require('axios')
const { AccountDataModel } = require('@app-connect/core/models/accountDataModel')
const { AdminConfigModel } = require('@app-connect/core/models/adminConfigModel')
const portal = require('@app-connect/core/connector/developerPortal')

portal.getConnectorManifest = async () => null

const urlOf = (user, path) => `https://${user.hostname}${path}`
const clientOf = async (user, contactId) => {
  const rows = user.rcAccountId ? await AccountDataModel.findAll({ where: { rcAccountId: user.rcAccountId, platformName: 'Keyed' } }) : []
  return rows.filter(({ dataKey }) => dataKey.startsWith('contact-')).flatMap(({ data }) => data).find(({ id }) => String(id) === contactId)?.client
}
const swallowed = async work => {
  try {
    return await work()
  } catch {
    return { returnMessage: { message: 'That did not work.', messageType: 'warning' } }
  }
}

module.exports = {
  getAuthType: () => 'apiKey',
  getBasicAuth: ({ apiKey }) => Buffer.from(apiKey).toString('base64'),
  getLogFormatType: () => 'text/plain',
  async findContact({ user, phoneNumber }) {
    const { data } = await axios.get(urlOf(user, '/contacts'), { params: { phone: phoneNumber } })
    return { successful: true, matchedContactInfo: [...data.map(each => ({ ...each, title: undefined })), { id: 'createNewContact', isNewContact: true }] }
  },
  createContact: async ({ newContactType }) => newContactType === 'none' ? null : { contactInfo: { id: 5, name: 'New' } },
  createCallLog: ({ user, contactInfo, additionalSubmission, hashedAccountId }) => swallowed(async () => {
    const client = await clientOf(user, contactInfo.id)
    if (client === undefined) return { logId: '', returnMessage: { message: 'The contact has no client.', messageType: 'warning' } }
    const admin = await AdminConfigModel.findByPk(hashedAccountId)
    const owner = additionalSubmission.isAssignedToUser ? admin.userMappings.find(({ rcExtensionId }) => rcExtensionId.includes(additionalSubmission.adminAssignedUserRcId))?.crmUserId : undefined
    const { data } = await axios.post(urlOf(user, '/notes'), { client, owner, deal: additionalSubmission.deal })
    return { logId: data.id }
  }),
  updateCallLog: ({ user, existingCallLog, composedLogDetails, startTime, duration }) => swallowed(async () => {
    await axios.put(urlOf(user, `/notes/${existingCallLog.thirdPartyLogId}`), { text: composedLogDetails || '', startTime, duration })
    return { returnMessage: { message: 'Changed.', messageType: 'success' } }
  }),
  async getCallLog({ user, callLogId }) {
    const { data } = await axios.get(urlOf(user, `/notes/${callLogId}`))
    return { callLogInfo: { subject: data.links[0].name, note: undefined, fullBody: data.text } }
  },
  upsertCallDisposition: async ({ existingCallLog, dispositions }) => ({ logId: dispositions.deal ? existingCallLog.thirdPartyLogId : null }),
  createMessageLog: async ({ user, sharedSMSLogContent, recordingLink }) => ({ logId: (await axios.post(urlOf(user, '/notes'), { sharedSMSLogContent, recordingLink })).data.id }),
  updateMessageLog: ({ user, sharedSMSLogContent }) => swallowed(() => axios.put(urlOf(user, '/notes/1'), { sharedSMSLogContent })),
}
