import type { Logger } from 'pino'
import type { CrmAdapter } from '@linefinder/core'
import type { KeyRing } from '../secrets/key-ring.js'
import { hasSecrets } from './properties.js'

type Secrets = Readonly<Record<string, string>>

/** Where an installation's sealed secret properties live. */
const secretsPlace = (installationId: string) => ({ table: 'installations', column: 'secrets', rowId: installationId })

const none: Secrets = Object.freeze({})
const mostOpened = 1000

/** The secret properties of installations: one sealed text for all of each. */
export class InstallationSecrets {
  readonly #opened = new Map<string, Secrets>()

  constructor(private readonly keyRing: KeyRing, private readonly log: Logger) {}

  /** `null` when there are none. */
  seal(installationId: string, secrets: Secrets): string | null {
    return Object.keys(secrets).length === 0 ? null : this.keyRing.seal(JSON.stringify(secrets), secretsPlace(installationId))
  }

  /**
   * By name, in clear; the same text is opened once and not for every request. What no key opens counts as not set, so that an admin can
   * set it again.
   */
  open(installationId: string, sealed: string | null): Secrets {
    if (sealed === null) return none
    const key = `${installationId} ${sealed}`
    const before = this.#opened.get(key)
    if (before) return before
    if (this.#opened.size >= mostOpened) this.#opened.clear()
    const secrets = this.#read(installationId, sealed)
    this.#opened.set(key, secrets)
    return secrets
  }

  /** The same for an adapter, which needs nothing opened when it declares no secret. */
  openFor(adapter: CrmAdapter, installationId: string, sealed: string | null): Secrets {
    return hasSecrets(adapter) ? this.open(installationId, sealed) : none
  }

  #read(installationId: string, sealed: string): Secrets {
    try {
      // Sealed by `seal`.
      return JSON.parse(this.keyRing.open(sealed, secretsPlace(installationId))) as Secrets
    } catch (error) {
      this.log.error({ err: error, installation: installationId }, 'the secret properties of an installation cannot be opened')
      return none
    }
  }
}
