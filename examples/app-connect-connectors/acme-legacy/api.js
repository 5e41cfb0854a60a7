'use strict'

const axios = require('axios')
const logger = require('@app-connect/core/lib/logger')
const xml = require('./xml')

const statuses = { AUTH: 401, RIGHT: 403, BUSY: 429, VALID: 422, NOTFOUND: 404, FAULT: 500 }

/** A failure as axios would tell it: Acme Legacy answers everything with the status 200. */
function failureOf({ code, field, seconds }) {
  logger.warn('Acme Legacy refuses', { code, field })
  const error = new Error(`Acme Legacy: ${code}`)
  error.response = { status: statuses[code] ?? 502, headers: seconds ? { 'retry-after': seconds } : {}, data: { code } }
  return error
}

/** Characters of a query are ISO-8859-1. `null` for a text that has others. */
function queryOf(params) {
  if (Object.values(params).some(value => /[^\0-\xff]/.test(value))) return null
  return Object.entries(params).map(([name, value]) => `${name}=${Buffer.from(value, 'latin1').toString('hex').replace(/../g, '%$&')}`).join('&')
}

async function ask({ user, key }, path, { query, form } = {}) {
  const { data } = await axios.request({
    url: `https://${user.hostname}/api${path}${query ? `?${query}` : ''}`, method: form ? 'POST' : 'GET', responseType: 'arraybuffer',
    headers: { 'X-Acme-Key': key ?? user.accessToken, 'Accept': 'text/xml' }, data: form ? new URLSearchParams(form) : undefined,
  })
  const root = xml.parse(Buffer.from(data))
  if (root.name === 'error') throw failureOf(root.attributes)
  if (root.name !== 'response') throw new Error('the document is another one')
  return root
}

module.exports = { ask, queryOf }
