import type { Logger } from 'pino'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../database/database.js'
import { within } from '../within.js'
import type { CrmOutcome, CrmRequest, LookupOutcome, LookupSource, Metrics } from './metrics.js'
import { processRegistry } from './process-registry.js'
import { StoredFiguresReader, type StoredFigures } from './stored-figures.js'

const undeliveredStates = ['pending', 'delivering', 'retrying', 'failed'] as const
const connectionStates = ['healthy', 'needs_reconnect', 'revoked'] as const

/** Shorter than any scraper's own patience: what the process knows by itself is told also while the database hangs. */
const storedFiguresDeadlineMs = 3000

const httpSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const crmSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** One server's metrics in Prometheus' text format. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry()
  readonly #stored: StoredFiguresReader

  readonly #httpRequests = this.#counter('http_requests_total', 'Requests that an endpoint has answered', ['route', 'method', 'status'])
  readonly #httpSeconds = this.#histogram('http_request_duration_seconds', 'From the routing of a request to the end of its answer', ['route', 'method'], httpSeconds)
  readonly #crmRequests = this.#counter('crm_requests_total', 'Operations of adapters', ['adapter', 'operation', 'outcome'])
  readonly #crmSeconds = this.#histogram('crm_request_duration_seconds', 'How long operations of adapters took', ['adapter', 'operation'], crmSeconds)
  readonly #tokenRefreshes = this.#counter('token_refreshes_total', 'Renewals of credentials', ['adapter', 'outcome'])
  readonly #lookups = this.#counter('lookups_total', 'Numbers that were looked up', ['source', 'outcome'])
  readonly #deliveries = this.#counter('delivery_attempts_total', 'Attempts to bring something to a CRM', ['kind', 'operation', 'outcome'])
  readonly #ledgerEntries = this.#gauge('ledger_entries', 'Call logs that the CRM does not have in their newest version', ['state'])
  readonly #ledgerOldestSeconds = this.#gauge('ledger_oldest_undelivered_seconds', 'Since when the oldest call log that is still tried has waited')
  readonly #connections = this.#gauge('connections', 'Connections to CRMs', ['state'])
  readonly #directoryAgeSeconds = this.#gauge('directory_age_seconds', 'Since the directory that is furthest behind agreed with its CRM')
  readonly #poolConnections = this.#gauge('database_pool_connections', 'Connections of this process to the database', ['door'])
  readonly #poolWaiting = this.#gauge('database_pool_waiting_requests', 'Requests that wait for a connection to the database', ['door'])

  constructor(private readonly database: Database, private readonly log: Logger) {
    this.#stored = new StoredFiguresReader(database)
  }

  httpRequestsOf(route: string, method: string): (status: number, seconds: number) => void {
    const duration = this.#httpSeconds.labels({ route, method })
    const labelsOf = new Map<number, { route: string; method: string; status: number }>()
    return (status, seconds) => {
      let labels = labelsOf.get(status)
      if (!labels) labelsOf.set(status, labels = { route, method, status })
      this.#httpRequests.inc(labels)
      duration.observe(seconds)
    }
  }

  countCrmRequest({ adapter, operation, outcome, seconds }: CrmRequest): void {
    this.#crmRequests.inc({ adapter, operation, outcome })
    this.#crmSeconds.observe({ adapter, operation }, seconds)
  }

  countTokenRefresh(adapter: string, outcome: CrmOutcome): void {
    this.#tokenRefreshes.inc({ adapter, outcome })
  }

  countLookup(source: LookupSource, outcome: LookupOutcome): void {
    this.#lookups.inc({ source, outcome })
  }

  countDelivery(kind: string, operation: string, outcome: string): void {
    this.#deliveries.inc({ kind, operation, outcome })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** Everything, as a scraper takes it. While the database does not answer, what is read from it is left out. */
  async render(): Promise<string> {
    this.#setStored(await this.#readStored())
    this.#setPools()
    return `${await this.#registry.metrics()}\n${await processRegistry().metrics()}`
  }

  async #readStored(): Promise<StoredFigures | null> {
    try {
      return await within(storedFiguresDeadlineMs, this.#stored.read())
    } catch (error) {
      this.log.warn({ err: error }, 'the figures for the metrics could not be read')
      return null
    }
  }

  #setStored(figures: StoredFigures | null): void {
    if (!figures) {
      this.#ledgerEntries.reset()
      this.#connections.reset()
      this.#ledgerOldestSeconds.remove()
      this.#directoryAgeSeconds.remove()
      return
    }
    for (const state of undeliveredStates) this.#ledgerEntries.set({ state }, figures.undelivered[state] ?? 0)
    for (const state of connectionStates) this.#connections.set({ state }, figures.connections[state] ?? 0)
    this.#ledgerOldestSeconds.set(figures.oldestUndeliveredSeconds ?? 0)
    this.#directoryAgeSeconds.set(figures.directoryAgeSeconds ?? 0)
  }

  #setPools(): void {
    for (const [door, { connections, waiting }] of Object.entries(this.database.poolFigures())) {
      this.#poolConnections.set({ door }, connections)
      this.#poolWaiting.set({ door }, waiting)
    }
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name: `linefinder_${name}`, help, labelNames, registers: [this.#registry] })
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: readonly number[]): Histogram<Label> {
    return new Histogram({ name: `linefinder_${name}`, help, labelNames, buckets: [...buckets], registers: [this.#registry] })
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name: `linefinder_${name}`, help, labelNames, registers: [this.#registry] })
  }
}
