import type PgBoss from 'pg-boss'
import type { Logger } from 'pino'
import type { Database } from '../database/database.js'

/** What wakes whom. A job carries an id and nothing else; what is to be done, and whether it still is, stands in our rows. */
export const jobNames = ['directory-sync', 'directory-purge', 'ledger-delivery', 'webhook-delivery'] as const
export type JobName = (typeof jobNames)[number]

/** Does what is due for the id, in pieces of at most about half a minute. */
export type JobHandler = (id: string) => Promise<void>

/** Handlers finish within this, or the job is given to somebody else as well. */
const expireInSeconds = 120
const pollingIntervalSeconds = 2

/** Any constant that no other user of the database takes. */
const openingLock = 740_741_742

/**
 * Wake-ups on pg-boss, in the same PostgreSQL: one is sent in the transaction that writes the row, or not at all. It is kept
 * until its handler has ended, so a process that dies leaves it to another.
 */
export class JobQueue {
  readonly #workers = new Map<JobName, string[]>()
  #opening: Promise<PgBoss> | undefined

  constructor(private readonly database: Database, private readonly log: Logger) {}

  /** Makes the queue's tables when they are not there, one process at a time: two that make them together wait for each other. */
  async open(): Promise<void> {
    await this.#opened()
  }

  #opened(): Promise<PgBoss> {
    return this.#opening ??= this.#open()
  }

  async #open(): Promise<PgBoss> {
    // Much to load, and nobody who asks for something waits for it.
    const { default: Boss } = await import('pg-boss')
    const boss = new Boss({
      db: {
        executeSql: async (text, values) => {
          if (!/^\s*BEGIN;/.test(text)) return { rows: await this.database.query({ text }, values ?? []) }
          await this.database.runScript(text)
          return { rows: [] }
        },
      },
      schedule: false,
      archiveCompletedAfterSeconds: 600,
      deleteAfterHours: 24,
      monitorStateIntervalSeconds: 30,
    })
    boss.on('error', error => { this.log.error({ err: error }, 'the job queue failed') })
    await this.database.withLock(openingLock, async () => {
      await boss.start()
      for (const name of jobNames) await boss.createQueue(name, { name, policy: 'short', retryLimit: 5, retryDelay: 5, retryBackoff: true, expireInSeconds })
    })
    return boss
  }

  /** Begins to take jobs, `parallel` at a time. */
  async work(name: JobName, parallel: number, handle: JobHandler): Promise<void> {
    const boss = await this.#opened()
    for (let worker = 0; worker < parallel; worker += 1) {
      const workerId = await boss.work<{ id: string }>(name, { pollingIntervalSeconds, batchSize: 1 }, async jobs => {
        for (const { data } of jobs) {
          await handle(data.id).catch((error: unknown) => {
            this.log.error({ err: error, job: name, id: data.id }, 'a job failed')
            throw error
          })
        }
      })
      this.#workers.set(name, [...this.#workers.get(name) ?? [], workerId])
    }
  }

  /** Lets this process look for jobs now and not at its next turn. Call it behind the transaction that woke somebody. */
  lookNow(name: JobName): void {
    const workers = this.#workers.get(name) ?? []
    if (workers.length > 0) void this.#opened().then(boss => { for (const workerId of workers) boss.notifyWorker(workerId) })
  }

  /** Wakes whoever works on `name` for the id, at once or at `at`. Waking again before that changes nothing. */
  async wake(name: JobName, id: string, at?: Date): Promise<void> {
    const boss = await this.#opened()
    await boss.send(name, { id }, at === undefined
      ? { singletonKey: `${id} now` }
      : { singletonKey: `${id} ${at.toISOString().slice(0, 16)}`, startAfter: at })
  }

  /** Takes no more jobs, and waits for those under way. */
  async stop(): Promise<void> {
    const boss = await this.#opening?.catch(() => undefined)
    await boss?.stop({ graceful: true, wait: true, timeout: 30_000, close: false })
  }
}
