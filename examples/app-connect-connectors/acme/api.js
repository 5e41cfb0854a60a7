'use strict'

const axios = require('axios')

const api = axios.create({ timeout: 20000 })

const headersOf = authHeader => ({ headers: { Authorization: authHeader } })
const urlOf = (user, path) => `https://${user.hostname}/api/v1${path}`

module.exports = {
  get: async ({ user, authHeader }, path, params) => (await api.get(urlOf(user, path), { params, ...headersOf(authHeader) })).data,
  post: async ({ user, authHeader }, path, body) => (await api.post(urlOf(user, path), body, headersOf(authHeader))).data,
  patch: async ({ user, authHeader }, path, body) => (await api({ method: 'patch', url: urlOf(user, path), data: body, ...headersOf(authHeader) })).data,
  isNotFound: error => axios.isAxiosError(error) && error.response?.status === 404,
}
