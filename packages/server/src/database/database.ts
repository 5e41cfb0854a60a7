import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import type { Sequelize, Transaction } from 'sequelize'
import { Turns } from '../turns.js'

export interface Statement {
  /** Prepared under this name on a real server. Without one it is not kept. */
  readonly name?: string
  readonly text: string
}

interface Parts {
  readonly sequelize: Sequelize
  readonly pool: pg.Pool
  readonly isEmbedded: boolean
  /** Ends what stands behind the two pools. */
  close(): Promise<void>
}

export interface PoolFigures {
  readonly connections: number
  readonly waiting: number
}

/**
 * One PostgreSQL behind two doors: Sequelize for most things, plain `pg` for hot statements. Inside `transaction` both take
 * the transaction's connection. Whatever would take another one there fails at once: on the embedded database it would wait
 * for the transaction that waits for it.
 */
export class Database {
  readonly sequelize: Sequelize
  readonly isEmbedded: boolean
  readonly #pool: pg.Pool
  readonly #close: () => Promise<void>
  readonly #open = new AsyncLocalStorage<Transaction>()
  /** While none is open nothing is carried: in Node 20 that slows every promise of the process down, by a tenth of what logging a call costs. */
  #openCount = 0
  /**
   * On the embedded database all connections share one backend, and their messages mix: the parse of one and the bind of
   * another would meet. So there one statement, or one whole transaction, runs at a time.
   */
  readonly #turns: Turns

  constructor(parts: Parts) {
    this.sequelize = parts.sequelize
    this.isEmbedded = parts.isEmbedded
    this.#pool = parts.pool
    this.#close = parts.close
    this.#turns = new Turns(parts.isEmbedded ? 1 : Infinity)
    // An idle connection that the server closes is replaced by the pool; without a listener the process would end.
    this.#pool.on('error', () => undefined)
    this.#carryTransaction()
  }

  /** Runs a hot statement. No named statements on the embedded database: all its clients share one backend. */
  async query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const inside = this.#openConnection()
    const query = this.isEmbedded ? { text: statement.text, values: [...values] } : { values: [...values], ...statement }
    const { rows } = await (inside ? inside.query<Row>(query) : this.#turns.take(() => this.#pool.query<Row>(query)))
    return rows
  }

  /** Runs a text of several statements that opens and ends a transaction of its own; a failure leaves none open. */
  async runScript(text: string): Promise<void> {
    await this.#turns.take(async () => {
      const client = await this.#pool.connect()
      try {
        await client.query(text)
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    })
  }

  /** Commits when `work` resolves, rolls back when it throws. Never call a CRM in it. Nested calls join the outer one. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#open.getStore()) return work()
    return this.#turns.take(async () => {
      this.#openCount += 1
      try {
        return await this.sequelize.transaction(transaction => this.#open.run(transaction, work))
      } finally {
        this.#openCount -= 1
        if (this.#openCount === 0) this.#open.disable()
      }
    })
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.query({ text: 'SELECT 1' }, [])
  }

  /** How many connections this process holds by each door, and how many requests wait for one. */
  poolFigures(): Readonly<Record<'pg' | 'sequelize', PoolFigures>> {
    // Sequelize's types leave its pool out; without replication it is one of `sequelize-pool`.
    const { pool } = this.sequelize.connectionManager as unknown as { readonly pool: { readonly size: number; readonly waiting: number } }
    return {
      pg: { connections: this.#pool.totalCount, waiting: this.#pool.waitingCount },
      sequelize: { connections: pool.size, waiting: pool.waiting },
    }
  }

  /** Runs `work` while no other process does, on a real server. The embedded database has one process only. */
  async withLock<Result>(lockId: number, work: () => Promise<Result>): Promise<Result> {
    if (this.isEmbedded) return work()
    const client = await this.#pool.connect()
    try {
      await client.query('SELECT pg_advisory_lock($1)', [lockId])
      try {
        return await work()
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [lockId])
      }
    } finally {
      client.release()
    }
  }

  async close(): Promise<void> {
    await this.sequelize.close()
    await this.#pool.end()
    await this.#close()
  }

  #openConnection(): pg.PoolClient | undefined {
    const transaction = this.#open.getStore()
    // Sequelize keeps the raw `pg` client of its transaction here; its types leave it out.
    return transaction && (transaction as unknown as { connection: pg.PoolClient }).connection
  }

  /** Sequelize's own CLS support is global to the process; this is the same for one instance. */
  #carryTransaction(): void {
    const { sequelize } = this
    const query = sequelize.query.bind(sequelize) as (sql: unknown, options?: object) => Promise<unknown>
    const carried = (sql: unknown, options: { transaction?: Transaction | null } = {}) => {
      const open = this.#open.getStore()
      const transaction = options.transaction === undefined ? open : options.transaction
      if (transaction) return query(sql, { ...options, transaction })
      // With one open, what is left asks for a connection of its own and is refused.
      return open ? query(sql, options) : this.#turns.take(() => query(sql, options))
    }
    // The overloads of `query` cannot be written down for a function that passes everything on.
    sequelize.query = carried as unknown as typeof sequelize.query

    const manager = sequelize.connectionManager
    const getConnection = manager.getConnection.bind(manager)
    manager.getConnection = async options => {
      if (this.#open.getStore()) throw new Error('a query outside the open transaction: it would wait for the transaction it is made in')
      return getConnection(options)
    }
  }
}
