import type { Credentials } from './credentials.js'

export interface Held {
  readonly credentials: Credentials
  /** Rises with every change. */
  readonly version: number
}

/** Where an operation takes its credentials from. */
export interface CredentialSource {
  current(): Promise<Held>
  /** Newer ones than of the version `stale`. Throws `CrmError('unauthorized')` when there will be none. */
  renew(stale: number): Promise<Held>
}

/** What one operation uses: read when they are first needed, the same for all of its requests until the CRM refuses them. */
export class OperationCredentials {
  #held: Promise<Held> | undefined

  constructor(private readonly source: CredentialSource) {}

  current(): Promise<Held> {
    return this.#held ??= this.source.current()
  }

  async renew(refusedVersion: number): Promise<void> {
    if ((await this.#held)?.version === refusedVersion) this.#held = this.source.renew(refusedVersion)
    await this.#held
  }

  /**
   * The adapter has read a refusal in an answer that is no 401. Credentials that cannot be renewed are then noted as refused; of none that the
   * operation has not used.
   */
  async giveUp(): Promise<void> {
    const used = await this.#held?.catch(() => undefined)
    // It throws what the operation ends with already.
    if (used) await this.source.renew(used.version).catch(() => undefined)
  }
}
