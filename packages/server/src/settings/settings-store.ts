import { Batch } from '../database/batch.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { SecretPlace } from '../secrets/key-ring.js'
import {
  deleteOldSettings, deleteSetting, listSettings, readSettings, takeSetting, writeSetting, type SettingKey, type SettingRow, type TenantsKey,
} from './setting-statements.js'

export type { SettingKey } from './setting-statements.js'

export interface Setting {
  /** JSON. */
  readonly value: unknown
  /** In clear; `null` where there is none. Never log it. */
  readonly secret: string | null
  readonly updatedAt: Date
}

export interface ListedSetting {
  readonly name: string
  readonly value: unknown
  readonly hasSecret: boolean
  readonly updatedAt: Date
}

/** In UTF-8. */
const maxValueBytes = 256 * 1024
const maxSecretBytes = 16 * 1024
const maxListed = 1000

/** Small things that a surface keeps for a tenant, and for whoever it names as their owner. */
export class SettingsStore {
  readonly #reads: Batch<TenantsKey, SettingRow | null>

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'keyRing'>) {
    this.#reads = new Batch(({ tenantId, scope, owner, name }) => JSON.stringify([tenantId, scope, owner, name]), keys => readSettings(deps.database, keys))
  }

  async get(tenantId: string, key: SettingKey): Promise<Setting | null> {
    return this.#opened(tenantId, key, await this.#reads.find({ tenantId, ...key }))
  }

  /** Creates or replaces; a secret that is not given again is gone. Throws `body_too_large` over 256 kB, or 16 kB of secret. */
  async put(tenantId: string, key: SettingKey, value: unknown, secret: string | null = null): Promise<void> {
    const json = JSON.stringify(value)
    if (Buffer.byteLength(json) > maxValueBytes) throw new ApiError('body_too_large', { detail: 'A setting has at most 256 kB.' })
    if (secret !== null && Buffer.byteLength(secret) > maxSecretBytes) throw new ApiError('body_too_large', { detail: 'A secret has at most 16 kB.' })
    const sealed = secret === null ? null : Buffer.from(this.deps.keyRing.seal(secret, placeOf(tenantId, key)))
    await writeSetting(this.deps.database, tenantId, key, json, sealed)
  }

  /** Nothing happens when there is none. */
  async delete(tenantId: string, key: SettingKey): Promise<void> {
    await deleteSetting(this.deps.database, tenantId, key)
  }

  /** Reads and deletes at once: of several who take it, one gets it. */
  async take(tenantId: string, key: SettingKey): Promise<Setting | null> {
    return this.#opened(tenantId, key, await takeSetting(this.deps.database, tenantId, key))
  }

  /** By name, the first 1000, without their secrets. */
  async list(tenantId: string, scope: string, owner: string): Promise<ListedSetting[]> {
    return listSettings(this.deps.database, tenantId, scope, owner, maxListed)
  }

  /** Deletes what nobody has written for that long. */
  async forgetOlder(tenantId: string, scope: string, seconds: number): Promise<void> {
    await deleteOldSettings(this.deps.database, tenantId, scope, seconds)
  }

  #opened(tenantId: string, key: SettingKey, row: SettingRow | null): Setting | null {
    if (!row) return null
    const { value, sealed, updatedAt } = row
    return { value, secret: sealed && this.deps.keyRing.open(sealed.toString(), placeOf(tenantId, key)), updatedAt }
  }
}

const placeOf = (tenantId: string, { scope, owner, name }: SettingKey): SecretPlace =>
  ({ table: 'settings', column: 'sealed', rowId: JSON.stringify([tenantId, scope, owner, name]) })
