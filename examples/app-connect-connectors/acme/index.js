'use strict'

const api = require('./api')

/** Acme CRM, by OAuth. */
module.exports = {
  ...require('./session'),
  ...require('./people'),
  ...require('./logs'),
  ...require('./appointments'),
  accountData: {
    dispositions: { fetch: async given => (await api.get(given, '/dispositions')).items.map(({ value, label }) => ({ value, label })), ttlMs: 3600000 },
  },
}
