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
  /** Keeps `next` in place of those of the version `known`. `null` when they have changed since. */
  replace(known: number, next: Credentials): Promise<Held | null>
  /** Those of that version are of no use any more. */
  forget(known: number): Promise<void>
}

/** What one operation uses: read when they are first needed, the same for all of its requests until the CRM refuses them. */
export class OperationCredentials {
  #held: Promise<Held> | undefined

  constructor(private readonly source: CredentialSource) {}

  current(): Promise<Held> {
    return this.#held ??= this.source.current()
  }

  /** As they are now, also when they were read before. */
  reread(): Promise<Held> {
    return this.#held = this.source.current()
  }

  /** `false` when those of this operation are not the newest. */
  async replace(next: Credentials): Promise<boolean> {
    const held = await this.source.replace((await this.current()).version, next)
    if (held) this.#held = Promise.resolve(held)
    return held !== null
  }

  async forget(): Promise<void> {
    await this.source.forget((await this.current()).version)
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
