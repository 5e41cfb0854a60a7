'use strict'

const { createCoreApp, connectorRegistry } = require('@app-connect/core')

connectorRegistry.setDefaultManifest(require('./manifest.json'))
connectorRegistry.registerConnector('acme', require('./acme'))
connectorRegistry.registerConnector('acmeLegacy', require('./acme-legacy'))

const app = createCoreApp()

app.get('/acme/hello', (request, response) => { response.send('hello') })

module.exports = { getServer: () => app }
