'use strict'
// App Connect's server as its package has it, with a connector for the generated CRM. The environment says the rest.
const { createCoreApp, connectorRegistry } = require('@app-connect/core')

connectorRegistry.setDefaultManifest({ author: { name: 'Bench' }, serverUrl: process.env.APP_SERVER, platforms: {} })
connectorRegistry.registerConnector('bench', require('./connector.cjs'))
if (process.env.ACME_CLIENT_ID !== undefined) connectorRegistry.registerConnector('acme', require('./acme-connector.cjs'))
createCoreApp().listen(Number(process.env.PORT), '127.0.0.1')
