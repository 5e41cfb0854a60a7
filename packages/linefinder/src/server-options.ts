import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { appConnect, type AppConnectOptions } from '@linefinder/app-connect'
import type { CrmAdapter } from '@linefinder/core'
import type { DatabaseOptions, ServerOptions } from '@linefinder/server'
import type { Config } from './config.js'
import { keptKeys } from './data-folder.js'
import { documentReader } from './document/document-reader.js'
import { loadDocuments } from './document/load-documents.js'
import { loadAdapters } from './load-adapters.js'

export const databaseOf = (config: Config): DatabaseOptions =>
  config.DATABASE_URL === undefined
    ? { embedded: { folder: join(config.LINEFINDER_DATA_DIR, 'database') } }
    : { url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE }

export const keysOf = (config: Config): string => config.LINEFINDER_KEYS ?? keptKeys(config.LINEFINDER_DATA_DIR)

/** A log in JSON lines; whatever looks like a credential is cut out even where code forgot. */
export const createLog = (level: Config['LOG_LEVEL']): Logger =>
  pino({
    level,
    redact: {
      paths: ['*.authorization', '*.headers.authorization', '*.cookie', '*.access_token', '*.refresh_token', '*.client_secret', '*.token', '*.credentials'],
      censor: '[redacted]',
    },
    // Written while requests go on, and in full when the process ends.
  }, pino.destination({ sync: false }))

const appConnectOptionsOf = ({ LINEFINDER_APP_CONNECT_OPTIONS: options, LINEFINDER_APP_CONNECT_HASH_KEY: hashKey }: Config): AppConnectOptions =>
  ({ ...options, ...(hashKey === undefined ? {} : { hashKey }) })

/** Where App Connect's client finds its manifest; `null` where that is switched off. */
export const manifestUrlOf = ({ LINEFINDER_APP_CONNECT: state, LINEFINDER_APP_CONNECT_OPTIONS: { path = '/app-connect' } }: Config, url: string): string | null =>
  state === 'on' ? `${url}${path}/crmManifest` : null

/** Their host is loaded only where there are any. */
async function connectorsOf({ LINEFINDER_CONNECTORS: paths, LINEFINDER_CONNECTOR_VARIABLES: visible }: Config, log: Logger): Promise<CrmAdapter[]> {
  if (paths.length === 0) return []
  const { loadConnectors } = await import('./load-connectors.js')
  return loadConnectors({ paths, visible, environment: process.env }, log)
}

export async function serverOptionsOf(config: Config, log: Logger): Promise<ServerOptions> {
  return {
    adapters: [
      ...await loadAdapters(config.LINEFINDER_ADAPTERS),
      ...await loadDocuments(config.LINEFINDER_DOCUMENTS, log),
      ...await connectorsOf(config, log),
    ],
    documents: documentReader,
    database: databaseOf(config),
    keys: keysOf(config),
    privateOrigins: config.LINEFINDER_PRIVATE_ORIGINS,
    trustProxy: config.TRUST_PROXY,
    giveUpAfterHours: config.LINEFINDER_GIVE_UP_AFTER_HOURS,
    deliveryDeadlineSeconds: config.LINEFINDER_DELIVERY_DEADLINE_SECONDS,
    firstRetrySeconds: config.LINEFINDER_FIRST_RETRY_SECONDS,
    runsJobs: config.LINEFINDER_JOBS === 'on',
    log,
    ...(config.LINEFINDER_CONTENT_DAYS === undefined ? {} : { contentDays: config.LINEFINDER_CONTENT_DAYS }),
    metricsHost: config.LINEFINDER_METRICS_HOST,
    surfaces: config.LINEFINDER_APP_CONNECT === 'on' ? [appConnect(appConnectOptionsOf(config))] : [],
    ...(config.LINEFINDER_METRICS_PORT === undefined ? {} : { metricsPort: config.LINEFINDER_METRICS_PORT }),
    ...(config.LINEFINDER_METRICS_KEY === undefined ? {} : { metricsKey: config.LINEFINDER_METRICS_KEY }),
    ...(config.PUBLIC_URL === undefined ? {} : { publicUrl: config.PUBLIC_URL }),
  }
}
