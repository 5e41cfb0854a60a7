import { DataTypes, type Sequelize } from 'sequelize'
import type { Table } from '../tenants/models.js'

export interface InstallationRow {
  id: string
  tenantId: string
  adapter: string
  name: string
  host: string | null
  allowedHosts: string[]
  settings: Record<string, unknown>
  oauthClientId: string | null
  /** Sealed. */
  oauthClientSecret: string | null
  /** Sealed: the secret properties by name, as JSON. */
  secrets: string | null
  enabled: boolean
  createdAt?: Date
  updatedAt?: Date
}

export const defineInstallations = (sequelize: Sequelize): Table<InstallationRow> =>
  sequelize.define('Installation', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, allowNull: false },
    adapter: { type: DataTypes.TEXT, allowNull: false },
    name: { type: DataTypes.TEXT, allowNull: false },
    host: DataTypes.TEXT,
    allowedHosts: { type: DataTypes.JSONB, allowNull: false },
    settings: { type: DataTypes.JSONB, allowNull: false },
    oauthClientId: DataTypes.TEXT,
    oauthClientSecret: DataTypes.TEXT,
    secrets: DataTypes.TEXT,
    enabled: { type: DataTypes.BOOLEAN, allowNull: false },
  }, { tableName: 'installations' })
