import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { pino, type Logger } from 'pino'
import type { CrmAdapter } from '@linefinder/core'
import { TokenClient } from '@linefinder/core/http'
import { ConnectionHealth } from './connections/connection-health.js'
import { notedHealthEvents } from './connections/health-events.js'
import { AddressGuard } from './crm/address-guard.js'
import { CredentialVault } from './crm/credential-vault.js'
import { CrmGateway } from './crm/crm-gateway.js'
import { migrate } from './database/migrate.js'
import { defineModels } from './database/models.js'
import { openDatabase, type DatabaseOptions } from './database/open-database.js'
import type { DocumentReader } from './documents/document-reader.js'
import { DocumentShelf } from './documents/document-shelf.js'
import { createApp, type TrustProxy } from './http/app.js'
import { defaultLimits, type LimitFigures } from './http/rate-limit.js'
import { createServerOf } from './http/server-of.js'
import { JobQueue } from './jobs/job-queue.js'
import { AdapterRegistry } from './installations/adapter-registry.js'
import { createMetricsRouter } from './metrics/metrics-router.js'
import { createMetricsServer } from './metrics/metrics-server.js'
import { PrometheusMetrics } from './metrics/prometheus-metrics.js'
import { RecordLinks } from './installations/record-links.js'
import { InstallationSecrets } from './installations/installation-secrets.js'
import { InstallationService } from './installations/installation-service.js'
import type { DeliveryFigures } from './ledger/delivery.js'
import { KeyRing } from './secrets/key-ring.js'
import { toldHealthEvents } from './webhooks/health-webhooks.js'
import { createServices, type Services } from './services.js'
import { checkSurfaces, type Surface } from './surfaces/surface.js'

export interface ServerOptions {
  readonly adapters: readonly CrmAdapter[]
  /** Makes adapters of the documents that tenants have hosted. Default: none are taken. */
  readonly documents?: DocumentReader
  /** Default: embedded, in memory. Give a folder or a server to keep anything. */
  readonly database?: DatabaseOptions
  /**
   * `id:base64 key` pairs, newest first, that seal every secret. Default: a new key that is gone with the process, which only
   * makes sense with a database that is gone as well.
   */
  readonly keys?: string
  /** Where browsers reach this server. Default: the address it listens on. */
  readonly publicUrl?: string
  /** Origins that may be private or plain http, such as `http://127.0.0.1:4100`. Default none. */
  readonly privateOrigins?: readonly string[]
  /** Default: none in front. */
  readonly trustProxy?: TrustProxy
  /** Requests a minute. Raise those per address where many agents share one. Default: see `defaultLimits`. */
  readonly limits?: Partial<LimitFigures>
  /** Whether this process also works on what is queued, such as syncs of directories. Default true. */
  readonly runsJobs?: boolean
  /** How long the CRM is tried to be told of a call before its log has failed. Default 72. */
  readonly giveUpAfterHours?: number
  /** After how many days the content of what the CRM has is deleted here. Default: never. */
  readonly contentDays?: number
  /** Where `/metrics` is served to whoever reaches it; 0 takes any free port. Default: not on a port of its own. */
  readonly metricsPort?: number
  /** The address of that port. Default 127.0.0.1. */
  readonly metricsHost?: string
  /** Without a port of its own, `/metrics` is served beside the API to whoever sends this as bearer token. Default: not at all. */
  readonly metricsKey?: string
  /** How long one attempt to tell the CRM may take. Default 10. */
  readonly deliveryDeadlineSeconds?: number
  /** The pause after the first attempt that failed; it doubles with each further one. Default 5. */
  readonly firstRetrySeconds?: number
  /** Other sets of routes over the same services. Default none. */
  readonly surfaces?: readonly Surface[]
  /** Default: silent. */
  readonly log?: Logger
}

export interface LinefinderServer {
  readonly app: Express
  readonly services: Services
  /** Resolves to the address, once it also works on what is queued. Port 0, the default, takes any free one. */
  listen(port?: number, host?: string): Promise<string>
  /** Begins to work on what is queued, where this process does (`runsJobs`). For whoever serves `app` by a server of their own. */
  begin(): Promise<void>
  /** Where the metrics have a port of their own; `null` where they have none, or before it listens. */
  metricsUrl(): string | null
  /** Lets every request end, then closes the database. */
  stop(): Promise<void>
}

/** Opens the database, brings its tables up to date and puts everything together. Listens only when told to. */
export async function createServer(options: ServerOptions): Promise<LinefinderServer> {
  checkSurfaces(options.surfaces ?? [])
  const log = options.log ?? pino({ level: 'silent' })
  const coded = new AdapterRegistry(options.adapters)
  const guard = new AddressGuard(options.privateOrigins ?? [])
  const keyRing = new KeyRing(options.keys ?? KeyRing.newKey('ephemeral'))
  const database = await openDatabase(options.database ?? { embedded: {} })
  const jobs = new JobQueue(database, log)
  const runsJobs = options.runsJobs ?? true
  // A server with a database of its own is asked before its queue is open. On the embedded one a transaction that wakes somebody would wait
  // for the queue to open, and the queue for the transaction to end.
  const [ran] = await Promise.all([migrate(database), database.isEmbedded || !runsJobs ? jobs.open() : undefined])
  if (ran.length > 0) log.info({ migrations: ran }, 'brought the tables up to date')

  const shelf = options.documents ? new DocumentShelf(database, options.documents, log) : null
  const adapters = shelf ? coded.withDocuments(shelf) : coded

  const models = defineModels(database.sequelize)
  const secrets = new InstallationSecrets(keyRing, log)
  const installations = new InstallationService(models, adapters, keyRing, secrets)
  const links = new RecordLinks(adapters, guard)
  const health = new ConnectionHealth(database, toldHealthEvents(database, notedHealthEvents(models, log), () => services.webhooks), log)
  const vault = new CredentialVault(database, keyRing, health)
  const tokens = new TokenClient(guard)
  const metrics = new PrometheusMetrics(database, log)
  const gateway = new CrmGateway(adapters, installations, secrets, vault, tokens, guard, health, metrics)

  let server: Server | undefined
  let metricsServer: Server | undefined
  let metricsUrl: string | null = null
  let isStopping = false
  let publicUrl = options.publicUrl?.replace(/\/$/, '')
  const services = createServices({
    database, models, keyRing, adapters, documentReader: options.documents ?? null, shelf, secrets, installations, links, gateway, vault, health, tokens, guard, jobs, metrics, log,
    limits: { ...defaultLimits, ...options.limits },
    publicUrl: () => publicUrl ?? 'http://127.0.0.1',
    isStopping: () => isStopping,
  }, deliveriesOf(options))
  const endings: (() => void)[] = []
  const beginJobs = async () => {
    await services.directories.start()
    if (options.contentDays !== undefined) endings.push(services.retention.start(options.contentDays))
    services.probe.start()
    endings.push(
      await services.ledger.start(), await services.webhooks.start(), () => { services.directories.stop() }, () => { services.probe.stop() },
    )
  }
  let begun: Promise<void> | undefined
  const begin = () => begun ??= runsJobs ? beginJobs() : Promise.resolve()
  const hasMetricsRoute = options.metricsPort === undefined && options.metricsKey !== undefined
  const app = createApp(services, {
    log, trustProxy: options.trustProxy ?? false, surfaces: options.surfaces ?? [],
    ...(hasMetricsRoute ? { metricsRouter: createMetricsRouter(metrics, options.metricsKey) } : {}),
  })

  return {
    app,
    services,
    async listen(port = 0, host = '127.0.0.1') {
      if (options.metricsPort !== undefined) {
        metricsServer = createMetricsServer(metrics, log)
        metricsUrl = `${await listenOn(metricsServer, options.metricsPort, options.metricsHost ?? '127.0.0.1')}/metrics`
      }
      server = createServerOf(app)
      const address = await listenOn(server, port, host)
      publicUrl ??= address
      await begin()
      return address
    },
    begin,
    metricsUrl: () => metricsUrl,
    async stop() {
      isStopping = true
      if (server) await closeServer(server)
      if (metricsServer) await closeServer(metricsServer)
      for (const end of endings) end()
      await jobs.stop()
      await services.idle()
      guard.close()
      await database.close()
    },
  }
}

/** Resolves to the address. */
async function listenOn(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, host, resolve) })
  // A server that has just begun to listen on TCP has an address of this form.
  const { port: taken } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(taken)}`
}

const deliveriesOf = ({ giveUpAfterHours, deliveryDeadlineSeconds, firstRetrySeconds }: ServerOptions): Partial<DeliveryFigures> => ({
  ...(giveUpAfterHours === undefined ? {} : { giveUpAfterMs: giveUpAfterHours * 3_600_000 }),
  ...(deliveryDeadlineSeconds === undefined ? {} : { deadlineMs: deliveryDeadlineSeconds * 1000 }),
  ...(firstRetrySeconds === undefined ? {} : { firstRetryMs: firstRetrySeconds * 1000 }),
})

/** Takes no new connection, ends idle ones, and waits for the requests under way. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => { server.close(() => { resolve() }) })
  server.closeIdleConnections()
  await closed
}
