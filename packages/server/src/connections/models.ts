import { DataTypes, type Sequelize } from 'sequelize'
import type { CrmUser, ProblemCode } from '@linefinder/core'
import type { connectionStates } from '@linefinder/core/api'
import type { Table } from '../tenants/models.js'

export interface CrmAccountRow {
  id: string
  tenantId: string
  installationId: string
  accountKey: string
  externalId: string | null
  name: string | null
}

export type ConnectionKind = 'personal' | 'shared'
/** `degraded`: the CRM fails or limits requests, and the credentials are fine. */
export type ConnectionState = (typeof connectionStates)[number]

export interface ConnectionRow {
  id: string
  tenantId: string
  installationId: string
  crmAccountId: string
  agentId: string | null
  kind: ConnectionKind
  state: ConnectionState
  stateChangedAt?: Date
  lastErrorCode?: ProblemCode | null
  lastErrorAt?: Date | null
  pausedUntil?: Date | null
  failures?: number
  hostname: string
  crmUserId: string
  crmUser: CrmUser
  /** Sealed; null once revoked. */
  credentials: string | null
  credentialsVersion: number
  connectedAt: Date
  createdAt?: Date
  updatedAt?: Date
}

export const defineCrmAccounts = (sequelize: Sequelize): Table<CrmAccountRow> =>
  sequelize.define('CrmAccount', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, allowNull: false },
    installationId: { type: DataTypes.UUID, allowNull: false },
    accountKey: { type: DataTypes.TEXT, allowNull: false },
    externalId: DataTypes.TEXT,
    name: DataTypes.TEXT,
  }, { tableName: 'crm_accounts' })

export const defineConnections = (sequelize: Sequelize): Table<ConnectionRow> =>
  sequelize.define('Connection', {
    id: { type: DataTypes.UUID, primaryKey: true },
    tenantId: { type: DataTypes.TEXT, allowNull: false },
    installationId: { type: DataTypes.UUID, allowNull: false },
    crmAccountId: { type: DataTypes.UUID, allowNull: false },
    agentId: DataTypes.UUID,
    kind: { type: DataTypes.TEXT, allowNull: false },
    state: { type: DataTypes.TEXT, allowNull: false },
    stateChangedAt: DataTypes.DATE,
    lastErrorCode: DataTypes.TEXT,
    lastErrorAt: DataTypes.DATE,
    pausedUntil: DataTypes.DATE,
    failures: DataTypes.INTEGER,
    hostname: { type: DataTypes.TEXT, allowNull: false },
    crmUserId: { type: DataTypes.TEXT, allowNull: false },
    crmUser: { type: DataTypes.JSONB, allowNull: false },
    credentials: DataTypes.TEXT,
    credentialsVersion: { type: DataTypes.INTEGER, allowNull: false },
    connectedAt: { type: DataTypes.DATE, allowNull: false },
  }, { tableName: 'connections' })
