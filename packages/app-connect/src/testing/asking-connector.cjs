'use strict'

// A connector that does what its user's name tells it to.
const axios = require('axios')
const logger = require('@app-connect/core/lib/logger')
const { handleApiError } = require('@app-connect/core/lib/errorHandler')
const { UserModel } = require('@app-connect/core/models/userModel')
const { Lock } = require('@app-connect/core/models/dynamo/lockSchema')
const data = require('./asking-connector.json')

const api = axios.create({ baseURL: 'https://nowhere.internal', timeout: 5000 })
const urlOf = (user, path) => `https://${user.hostname}${path}`
const seen = []

module.exports = {
  seen, data,
  getAuthType: () => process.env.ASKING_AUTH ?? 'oauth',
  getOauthInfo: async ({ hostname }) => ({ clientId: process.env.ASKING_ID, clientSecret: process.env.ASKING_SECRET, accessTokenUri: `https://${hostname}/token`, authorizationUri: `https://${hostname}/authorize`, scopes: ['a', 'b'] }),
  getOverridingOAuthOption: ({ code, oauthInfo }) => ({ headers: { Authorization: '' }, query: { code, client_id: oauthInfo.clientId } }),
  getBasicAuth: ({ apiKey }) => Buffer.from(apiKey).toString('base64'),
  async getUserInfo({ authHeader, hostname }) {
    const { data: me } = await axios({ url: `https://${hostname}/me`, headers: { Authorization: authHeader } })
    return { successful: true, platformUserInfo: { id: `${me.id}-asking`, name: me.name, timezoneName: 'Europe/Amsterdam', platformAdditionalInfo: { team: me.team }, overridingHostname: me.host, overridingApiKey: me.key } }
  },
  async postSaveUserInfo({ userInfo, oauthApp }) {
    seen.push(['postSaveUserInfo', typeof oauthApp?.createToken])
    await (await UserModel.findByPk(userInfo.id)).update({ userSettings: { welcomed: { value: true } } })
  },
  async findContact({ user, authHeader, phoneNumber }) {
    if (phoneNumber === 'swallow') {
      try {
        await api.get(urlOf(user, '/contacts'), { headers: { Authorization: authHeader } })
      } catch {
        console.log('failed', authHeader)
        return { successful: true, matchedContactInfo: null }
      }
    }
    if (phoneNumber === 'refuse') return { successful: false, matchedContactInfo: null, returnMessage: { message: 'Nobody for +31 413 741 741 here', messageType: 'warning' } }
    const [one, two] = await Promise.all([0, 1].map(() => api.get(urlOf(user, '/contacts'), { headers: { Authorization: authHeader }, params: { phone: phoneNumber } })))
    const again = await api.get(urlOf(user, '/contacts'), { headers: { Authorization: authHeader } })
    return { successful: true, matchedContactInfo: [...one.data, ...two.data, ...again.data] }
  },
  async findContactWithName({ user, name }) {
    const others = await UserModel.findAll({ where: { platform: 'asking' } })
    const other = await UserModel.findByPk(name)
    await new Promise(resolve => { setTimeout(resolve, 5) })
    const own = await UserModel.findByPk(user.id)
    own.platformAdditionalInfo = { ...own.platformAdditionalInfo, searched: name }
    await own.save()
    logger.info('searched', { name, token: user.accessToken })
    return { successful: true, matchedContactInfo: [{ id: own.id, name: `${others.length} ${other === null ? 'none' : other.id}` }] }
  },
  async createContact({ user, newContactName }) {
    if (newContactName === 'redirect') await axios.get(urlOf(user, '/redirect'))
    if (newContactName === 'private') await axios.post('http://metadata.internal/x', {})
    if (newContactName === 'smuggle') await axios.get(urlOf(user, '/x'), { adapter: () => Promise.resolve({ status: 200, data: 'smuggled', headers: {}, config: {} }), proxy: { host: '127.0.0.1', port: 1 } })
    if (newContactName === 'patient') await axios.get(urlOf(user, '/hang'), { signal: new AbortController().signal, timeout: 0 })
    if (newContactName === 'type') return { contactInfo: (await axios.get(urlOf(user, '/x'))).data.deep.er }
    if (newContactName === 'bug') return { contactInfo: undefined.id }
    if (newContactName === 'handled') {
      try {
        await axios.post(urlOf(user, '/fail'), {})
      } catch (error) {
        return handleApiError(error, 'Asking', 'createContact')
      }
    }
    if (newContactName === 'destroy') await user.destroy()
    if (newContactName === 'lock') {
      const lock = await Lock.create({ userId: user.id, ttl: Date.now() / 1000 + 60 }, { overwrite: false })
      const name = await Lock.create({ userId: user.id, ttl: Date.now() / 1000 + 60 }, { overwrite: false }).catch(error => error.name)
      const held = await Lock.get({ userId: user.id })
      await lock.delete()
      return { contactInfo: { id: name, name: `${held.userId} ${await Lock.get({ userId: user.id })}` } }
    }
    const { data: made } = await axios.post(urlOf(user, '/contacts'), { name: newContactName }, { headers: { Authorization: `Bearer ${user.accessToken}` } })
    return { contactInfo: made }
  },
  async createCallLog({ user, callLog }) {
    if (callLog.customSubject === 'in parts') {
      await axios.post(urlOf(user, '/calls'), {})
      return { logId: (await axios.post(urlOf(user, '/hours'), {})).data.id }
    }
    const secret = process.env.HOME ?? process.env.LINEFINDER_KEYS ?? 'nothing'
    return { logId: `${secret} ${process.env.NODE_ENV} ${axios.isAxiosError(new axios.AxiosError('x'))} ${user.id}` }
  },
  async updateCallLog() {
    return undefined
  },
  async unAuthorize({ user }) {
    user.accessToken = ''
    await user.save()
    return { returnMessage: { message: 'Bye' } }
  },
}
