'use strict'

// A connector that goes by what its administrator has set, finds its own words in a text again, and remembers what it was asked.
const { AdminConfigModel } = require('@app-connect/core/models/adminConfigModel')

const seen = []
let kept = { subject: '', fullBody: '' }

module.exports = {
  seen,
  editByHand(fullBody) { kept = { ...kept, fullBody } },
  getAuthType: () => 'oauth',
  getOauthInfo: async () => ({ clientId: 'minding', clientSecret: 'secret', accessTokenUri: 'https://login.minding.example/token' }),
  getLogFormatType: () => 'text/html',
  getUserInfo: async () => ({ successful: true, platformUserInfo: { id: '7-minding', name: 'Mia', platformAdditionalInfo: {} } }),
  async findContact({ phoneNumber }) {
    const found = { id: 12, name: 'Jan', phone: phoneNumber, createdDate: undefined, mostRecentActivityDate: new Date(1_700_000_000_000), additionalInfo: { deals: [{ const: 101, title: undefined }] } }
    return { successful: true, matchedContactInfo: [found, { id: 'createNewContact', name: 'New', isNewContact: true }] }
  },
  findContactWithName: async ({ name }) => ({ successful: true, matchedContactInfo: [{ id: 12, name, phone: undefined }] }),
  createContact: async ({ newContactName }) => ({ contactInfo: { id: 13, name: newContactName, phone: undefined } }),
  async createCallLog({ user, additionalSubmission, hashedAccountId, composedLogDetails, callLog }) {
    const config = await AdminConfigModel.findByPk(hashedAccountId)
    const mapped = config?.userMappings.find(({ rcExtensionId }) => typeof rcExtensionId === 'string' ? rcExtensionId === additionalSubmission.adminAssignedUserRcId : rcExtensionId.includes(additionalSubmission.adminAssignedUserRcId))
    seen.push({ kind: config?.userSettings.mindingKind?.value, owner: mapped?.crmUserId, isBillable: user.userSettings.isBillable?.value, isTimed: user.userSettings.isTimed?.value })
    kept = { subject: callLog.customSubject, fullBody: composedLogDetails }
    return { logId: 99 }
  },
  updateCallLog: async () => ({ updatedNote: '' }),
  getCallLog: async () => ({ callLogInfo: { ...kept, note: kept.fullBody.split('<b>Agent notes</b>')[1] ?? '', dispositions: { deals: undefined } } }),
  accountData: { kinds: { fetch: async () => [{ const: 'call', title: undefined }] } },
}
