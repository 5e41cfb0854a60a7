import type { AccountDataSource } from '../connector-module.js'
import { currentCall } from '../scope.js'

const defaultTtlMs = 86_400_000
const mostKept = 2000

interface Kept {
  data: unknown
  readonly at: number
}

/** What connectors fetch for all users of an account and keep for a while: here in memory, and for one connection each. */
export class AccountDataStore {
  readonly #kept = new Map<string, Kept>()

  get(key: string): Kept | undefined {
    return this.#kept.get(placeOf(key))
  }

  set(key: string, data: unknown): void {
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value ?? '')
    this.#kept.set(placeOf(key), { data, at: Date.now() })
  }

  /** What stands after the beginning in the connection's keys that have it. */
  keys(beginning: string): string[] {
    const place = placeOf(beginning).slice(0, -'"]'.length)
    return [...this.#kept.keys()].filter(key => key.startsWith(place)).map(key => (JSON.parse(key) as [string, string])[1].slice(beginning.length))
  }

  delete(key: string): void {
    this.#kept.delete(placeOf(key))
  }

  /** Fresh, or what is kept while it is, or an old value when the CRM fails. */
  async resolve(key: string, source: AccountDataSource, given: { readonly user: unknown; readonly authHeader: string }, forceRefresh: boolean): Promise<unknown> {
    const kept = this.get(key)
    if (kept && !forceRefresh && Date.now() - kept.at <= (source.ttlMs ?? defaultTtlMs)) return kept.data
    try {
      const data = await source.fetch(given)
      this.set(key, data)
      return data
    } catch (error) {
      if (!kept) throw error
      return kept.data
    }
  }
}

const placeOf = (key: string): string => JSON.stringify([currentCall().ctx.connection.id, key])

interface Where {
  readonly platformName: string
  readonly dataKey: string
}

/** All of the platform's where no key is named. */
interface WhereAny {
  readonly platformName: string
  readonly dataKey?: string
}

/** `lib/accountData`. */
export const createAccountData = (store: AccountDataStore, sourcesOf: (platform: string) => Readonly<Record<string, AccountDataSource>>) => ({
  getAccountDataKeys: (platform: string): string[] => Object.keys(sourcesOf(platform)),
  async getAccountData({ platform, user, authHeader, dataKey, forceRefresh = false }: { readonly platform: string; readonly user: unknown; readonly authHeader: string; readonly dataKey: string; readonly forceRefresh?: boolean }): Promise<unknown> {
    const sources = sourcesOf(platform)
    const source = Object.hasOwn(sources, dataKey) ? sources[dataKey] : undefined
    if (typeof source?.fetch !== 'function') throw new Error(`the connector has no account data "${dataKey}"`)
    return store.resolve(`${platform} ${dataKey}`, source, { user, authHeader }, forceRefresh)
  },
})

/** App Connect's server keeps whom it has found by a number. Here nobody is kept: the CRM is asked when a connector looks for them. */
async function matchesOf({ dataKey, ...where }: WhereAny): Promise<(Where & { readonly data: readonly unknown[]; update(): Promise<void>; destroy(): Promise<void> })[]> {
  const { findMatches } = currentCall()
  if (!findMatches || dataKey !== undefined && !dataKey.startsWith(matchKey(''))) return []
  const { phoneNumber, contacts } = await findMatches()
  const key = matchKey(phoneNumber)
  return contacts.length === 0 || dataKey !== undefined && dataKey !== key ? [] : [{ ...where, dataKey: key, data: contacts, update: async () => undefined, destroy: async () => undefined }]
}

const matchKey = (phoneNumber: string): string => `contact-${phoneNumber}`

/** `models/accountDataModel`. */
export const createAccountDataModel = (store: AccountDataStore) => {
  const keyOf = ({ platformName, dataKey }: Where) => `${platformName} ${dataKey}`
  const rowOf = (where: Where) => {
    const kept = store.get(keyOf(where))
    return kept === undefined ? null : {
      ...where, data: kept.data, updatedAt: new Date(kept.at),
      async update({ data }: { readonly data: unknown }) { store.set(keyOf(where), data) },
      async destroy() { store.delete(keyOf(where)) },
    }
  }
  return {
    AccountDataModel: {
      findOne: async ({ where }: { readonly where: Where }) => rowOf(where) ?? (await matchesOf(where))[0] ?? null,
      async findAll({ where }: { readonly where: WhereAny }) {
        const { platformName, dataKey } = where
        const keys = dataKey === undefined ? store.keys(`${platformName} `) : [dataKey]
        const kept = keys.map(key => rowOf({ ...where, dataKey: key })).filter(row => row !== null)
        return [...kept, ...await matchesOf(where)]
      },
      async create({ data, ...where }: Where & { readonly data: unknown }) {
        store.set(keyOf(where), data)
        return rowOf(where)
      },
    },
    async getOrRefreshAccountData({ forceRefresh = false, fetchFn, ...where }: Where & { readonly forceRefresh?: boolean; fetchFn(): unknown }): Promise<unknown> {
      const kept = store.get(keyOf(where))
      if (kept && !forceRefresh) return kept.data
      const data = await fetchFn()
      store.set(keyOf(where), data)
      return data
    },
  }
}
