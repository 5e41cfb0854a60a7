import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize'
import type { ApiKeyScope } from '@linefinder/core/api'

export interface TenantRow {
  id: string
  name: string
  createdAt?: Date
}

export interface ClientAppRow {
  id: string
  tenantId: string
  name: string
  redirectUris: string[]
  webOrigins: string[]
  phoneSystem: string
  createdAt?: Date
}

export interface ApiKeyRow {
  id: string
  tenantId: string
  name: string
  scopes: ApiKeyScope[]
  keyHash: Buffer
  prefix: string
  lastUsedAt?: Date | null
  createdAt?: Date
}

export interface AgentRow {
  id: string
  tenantId: string
  name: string
  email: string | null
  extensions: string[]
  createdAt?: Date
}

/** Who did what, kept for the tenant's admins. `details` never holds a secret, number or note. */
export interface AuditRow {
  id: string
  tenantId: string
  actor: string
  action: string
  subject: string
  details: Record<string, unknown>
  createdAt?: Date
}

export type Table<Row extends object> = ModelStatic<Model<Row, Row> & Row>

const required = { allowNull: false } as const

export const defineTenants = (sequelize: Sequelize): Table<TenantRow> =>
  sequelize.define('Tenant', {
    id: { type: DataTypes.TEXT, primaryKey: true },
    name: { type: DataTypes.TEXT, ...required },
  }, { tableName: 'tenants' })

export const defineClientApps = (sequelize: Sequelize): Table<ClientAppRow> =>
  sequelize.define('ClientApp', {
    id: { type: DataTypes.TEXT, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, ...required },
    name: { type: DataTypes.TEXT, ...required },
    redirectUris: { type: DataTypes.JSONB, ...required },
    webOrigins: { type: DataTypes.JSONB, ...required },
    phoneSystem: { type: DataTypes.TEXT, ...required },
  }, { tableName: 'client_apps' })

export const defineApiKeys = (sequelize: Sequelize): Table<ApiKeyRow> =>
  sequelize.define('ApiKey', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, ...required },
    name: { type: DataTypes.TEXT, ...required },
    scopes: { type: DataTypes.JSONB, ...required },
    keyHash: { type: DataTypes.BLOB, ...required },
    prefix: { type: DataTypes.TEXT, ...required },
    lastUsedAt: DataTypes.DATE,
  }, { tableName: 'api_keys' })

export const defineAgents = (sequelize: Sequelize): Table<AgentRow> =>
  sequelize.define('Agent', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, ...required },
    name: { type: DataTypes.TEXT, ...required },
    email: DataTypes.TEXT,
    extensions: { type: DataTypes.JSONB, ...required },
  }, { tableName: 'agents' })

export const defineAudit = (sequelize: Sequelize): Table<AuditRow> =>
  sequelize.define('Audit', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, ...required },
    actor: { type: DataTypes.TEXT, ...required },
    action: { type: DataTypes.TEXT, ...required },
    subject: { type: DataTypes.TEXT, ...required },
    details: { type: DataTypes.JSONB, ...required },
  }, { tableName: 'audit', updatedAt: false })
