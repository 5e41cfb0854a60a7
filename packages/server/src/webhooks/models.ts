import { DataTypes, type Sequelize } from 'sequelize'
import type { WebhookEventType } from '@linefinder/core/api'
import type { Table } from '../tenants/models.js'

export interface WebhookEndpointRow {
  id: string
  tenantId: string
  url: string
  events: WebhookEventType[] | null
  description: string
  enabled: boolean
  disabledReason: 'gone' | 'failing' | null
  failingSince: Date | null
  /** Sealed. */
  secret: string
  /** Sealed. */
  previousSecret: string | null
  previousSecretUntil: Date | null
  createdAt?: Date
  updatedAt?: Date
}

export const defineWebhookEndpoints = (sequelize: Sequelize): Table<WebhookEndpointRow> =>
  sequelize.define('WebhookEndpoint', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, allowNull: false },
    url: { type: DataTypes.TEXT, allowNull: false },
    events: DataTypes.JSONB,
    description: { type: DataTypes.TEXT, allowNull: false },
    enabled: { type: DataTypes.BOOLEAN, allowNull: false },
    disabledReason: DataTypes.TEXT,
    failingSince: DataTypes.DATE,
    secret: { type: DataTypes.TEXT, allowNull: false },
    previousSecret: DataTypes.TEXT,
    previousSecretUntil: DataTypes.DATE,
  }, { tableName: 'webhook_endpoints' })
