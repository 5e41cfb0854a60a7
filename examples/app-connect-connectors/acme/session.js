'use strict'

const axios = require('axios')
const { Lock } = require('@app-connect/core/models/dynamo/lockSchema')
const { UserModel } = require('@app-connect/core/models/userModel')
const { handleDatabaseError } = require('@app-connect/core/lib/errorHandler')
const logger = require('@app-connect/core/lib/logger')
const api = require('./api')

function getAuthType() {
  return 'oauth'
}

async function getOauthInfo({ hostname }) {
  return {
    clientId: process.env.ACME_CLIENT_ID,
    clientSecret: process.env.ACME_CLIENT_SECRET,
    accessTokenUri: `https://${hostname}/oauth/token`,
    redirectUri: 'https://ringcentral.github.io/ringcentral-embeddable/redirect.html',
  }
}

/** Acme knows a client without a secret by its id in the body. */
function getOverridingOAuthOption() {
  return process.env.ACME_CLIENT_SECRET ? {} : { headers: { Authorization: '' } }
}

async function getUserInfo({ authHeader, hostname }) {
  const { id, name, email, timezone, account } = await api.get({ user: { hostname }, authHeader }, '/users/me')
  return {
    successful: true,
    platformUserInfo: { id: `${id.toString()}-acme`, name, email, timezoneName: timezone, timezoneOffset: 0, platformAdditionalInfo: { accountId: account.id.toString() } },
    returnMessage: { message: 'Connected to Acme.', messageType: 'success', ttl: 1000 },
  }
}

async function postSaveUserInfo({ userInfo }) {
  const user = await UserModel.findByPk(userInfo.id)
  if (user) await user.update({ platformAdditionalInfo: { ...user.platformAdditionalInfo, welcomed: true } })
  return userInfo
}

/** Acme replaces a refresh token at every use, so two may not use it at once. */
async function checkAndRefreshAccessToken(oauthApp, user, tokenLockTimeout = 20) {
  if (!user?.refreshToken || new Date(user.tokenExpiry ?? 0) > new Date(Date.now() + 120000)) return user
  let lock
  try {
    lock = await Lock.create({ userId: user.id, ttl: Math.floor(Date.now() / 1000) + tokenLockTimeout }, { overwrite: false })
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error
    logger.info('somebody else refreshes')
    const other = await Lock.get({ userId: user.id })
    if (other) throw error
  }
  try {
    const { accessToken, refreshToken, expires } = await oauthApp.createToken(user.accessToken, user.refreshToken).refresh()
    Object.assign(user, { accessToken, refreshToken, tokenExpiry: expires })
    await user.save()
    return user
  } catch (error) {
    if (axios.isAxiosError(error) && error.response?.status === 400) return null
    throw error
  } finally {
    await lock?.delete()
  }
}

async function authValidation({ user }) {
  try {
    await api.get({ user, authHeader: `Bearer ${user.accessToken}` }, '/users/me')
    return { successful: true, status: 200 }
  } catch (error) {
    return { successful: false, status: error.response?.status ?? 503, returnMessage: { message: 'Please connect to Acme again.', messageType: 'warning', ttl: 3000 } }
  }
}

async function unAuthorize({ user }) {
  user.accessToken = ''
  user.refreshToken = ''
  try {
    await user.save()
  } catch (error) {
    return handleDatabaseError(error, 'Error saving user')
  }
  return { returnMessage: { message: 'Logged out of Acme.', messageType: 'success', ttl: 1000 } }
}

async function refreshUserInfo({ user, authHeader }) {
  const { name } = await api.get({ user, authHeader }, '/users/me')
  await user.update({ platformAdditionalInfo: { ...user.platformAdditionalInfo, name: name.toString() } })
  return { successful: true, returnMessage: { message: 'Read again.', messageType: 'success', ttl: 1000 } }
}

async function getLicenseStatus({ userId }) {
  const user = await UserModel.findByPk(userId)
  return { isLicenseValid: user !== null, licenseStatus: user ? 'Basic' : 'Unknown user', licenseStatusDescription: '' }
}

async function getUserList(given) {
  const users = []
  let cursor
  do {
    const page = await api.get(given, '/users', { limit: 200, cursor })
    users.push(...page.items.map(({ id, name, email }) => ({ id, name, email })))
    cursor = page.next_cursor
  } while (cursor)
  return users
}

async function onUpdateUserSettings({ updatedSettings }) {
  if (updatedSettings?.acmeRegion?.value === 'moon') return { successful: false, returnMessage: { message: 'Acme is not on the moon.', messageType: 'warning', ttl: 3000 } }
  return { successful: true, returnMessage: { message: 'Saved.', messageType: 'success', ttl: 1000 } }
}

module.exports = {
  getAuthType, getOauthInfo, getOverridingOAuthOption, getUserInfo, postSaveUserInfo, checkAndRefreshAccessToken, authValidation, unAuthorize, refreshUserInfo,
  getLicenseStatus, getUserList, onUpdateUserSettings,
}
