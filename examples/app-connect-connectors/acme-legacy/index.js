'use strict'

const { encode, decoded } = require('@app-connect/core/lib/encode')
const { generateJwt, decodeJwt } = require('@app-connect/core/lib/jwt')
const { UserModel } = require('@app-connect/core/models/userModel')
const { validateAdminRole } = require('@app-connect/core/handlers/admin')
const { getOAuthApp } = require('@app-connect/core/lib/oauth')
const { sequelize } = require('@app-connect/core/models/sequelize')
const { ask } = require('./api')

function getAuthType() {
  return 'apiKey'
}

function getBasicAuth({ apiKey }) {
  return Buffer.from(`${apiKey}:`).toString('base64')
}

async function getUserInfo({ hostname, apiKey }) {
  const { children: [user] } = await ask({ user: { hostname }, key: apiKey.trim() }, '/whoami')
  const { id, name, email, mandant, zone } = user.attributes
  return {
    successful: true,
    platformUserInfo: {
      id: `${id.toString()}-acmeLegacy`, name, email, timezoneName: zone, timezoneOffset: 60, overridingApiKey: apiKey.trim(),
      platformAdditionalInfo: { mandant, country: 'NL', state: 'NH' },
    },
    returnMessage: { message: 'Connected to Acme Legacy.', messageType: 'success', ttl: 1000 },
  }
}

async function unAuthorize({ user }) {
  await user.destroy()
  return { returnMessage: { message: 'Logged out of Acme Legacy.', messageType: 'success', ttl: 1000 } }
}

async function getLicenseStatus({ user }) {
  return { isLicenseValid: Boolean(user.accessToken), licenseStatus: 'For ever', licenseStatusDescription: '' }
}

/** Where the mailbox of the account is, sealed. */
async function getServerLoggingSettings({ user }) {
  const sealed = user.platformAdditionalInfo.sealedMailbox
  return { mailbox: sealed ? decoded(sealed) : '' }
}

async function updateServerLoggingSettings({ user, additionalFieldValues }) {
  const [row] = await UserModel.findAll({ where: { id: user.id, platform: 'acmeLegacy' } })
  const known = row ?? await UserModel.create({ id: user.id, platform: 'acmeLegacy' })
  known.platformAdditionalInfo = { ...known.platformAdditionalInfo, sealedMailbox: encode(additionalFieldValues.mailbox), proof: generateJwt({ id: user.id }) }
  await known.save()
  return { successful: decodeJwt(known.platformAdditionalInfo.proof)?.id === user.id, returnMessage: { message: 'Saved.', messageType: 'success', ttl: 1000 } }
}

/** Administrators of the phone system may choose among all keys, others have the one. */
async function getManagedAuthOptions({ fieldConst, accountValues }) {
  if (fieldConst !== 'apiKey') return []
  const isAdmin = accountValues.rcAccessToken ? (await validateAdminRole({ rcAccessToken: accountValues.rcAccessToken })).isValid : false
  return (accountValues.keys ?? []).filter((_, index) => isAdmin || index === 0).map(key => ({ value: key, label: `Key ending in ${key.slice(-3)}` }))
}

module.exports = {
  getAuthType, getBasicAuth, getUserInfo, unAuthorize, getLicenseStatus, getServerLoggingSettings, updateServerLoggingSettings, getManagedAuthOptions,
  ...require('./customers'),
  ...require('./logs'),
  /** For scripts of the company that work on its own database. */
  database: () => sequelize,
  oauthOf: info => getOAuthApp(info),
}
