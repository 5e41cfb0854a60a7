'use strict'
// For the example CRM, whose tokens run out; only what a lookup needs.
const axios = require('axios')

module.exports = {
  getAuthType: () => 'oauth',
  getOauthInfo: ({ hostname }) => ({
    clientId: process.env.ACME_CLIENT_ID, clientSecret: process.env.ACME_CLIENT_SECRET, redirectUri: process.env.ACME_REDIRECT_URI, accessTokenUri: `http://${hostname}/oauth/token`,
  }),

  async findContact({ user, authHeader, phoneNumber }) {
    const { data } = await axios.get(`http://${user.hostname}/api/v1/people`, { params: { phone: phoneNumber }, headers: { Authorization: authHeader } })
    return { successful: true, matchedContactInfo: data.items.map(({ id, name }) => ({ id, name, type: 'Contact', additionalInfo: null })) }
  },

  createCallLog: async () => ({ logId: null }),
  updateCallLog: async () => ({}),
}
