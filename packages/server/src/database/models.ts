import type { Sequelize } from 'sequelize'
import { defineConnections, defineCrmAccounts } from '../connections/models.js'
import { defineInstallations } from '../installations/models.js'
import { defineAgents, defineApiKeys, defineAudit, defineClientApps, defineTenants } from '../tenants/models.js'
import { defineWebhookEndpoints } from '../webhooks/models.js'

/** The tables that Sequelize carries. Call logs, sessions and one-time rows live by their SQL statements instead. */
export const defineModels = (sequelize: Sequelize) => ({
  tenants: defineTenants(sequelize),
  clientApps: defineClientApps(sequelize),
  apiKeys: defineApiKeys(sequelize),
  agents: defineAgents(sequelize),
  audit: defineAudit(sequelize),
  installations: defineInstallations(sequelize),
  crmAccounts: defineCrmAccounts(sequelize),
  connections: defineConnections(sequelize),
  webhookEndpoints: defineWebhookEndpoints(sequelize),
})
export type Models = ReturnType<typeof defineModels>
