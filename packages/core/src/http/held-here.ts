import { CrmError } from '../errors/crm-error.js'
import type { Credentials } from './credentials.js'
import type { CredentialSource, Held } from './operation-credentials.js'

/** Credentials that are in no row yet, or under a lease: what becomes of them is for whoever holds them. */
export class HeldHere implements CredentialSource {
  #version = 0
  #isForgotten = false

  constructor(private held: Credentials) {}

  get credentials(): Credentials {
    return this.held
  }

  async current(): Promise<Held> {
    if (this.#isForgotten) throw new CrmError('unauthorized')
    return { credentials: this.held, version: this.#version }
  }

  async renew(): Promise<Held> {
    throw new CrmError('unauthorized')
  }

  async replace(known: number, next: Credentials): Promise<Held | null> {
    if (known !== this.#version || this.#isForgotten) return null
    this.held = next
    this.#version += 1
    return this.current()
  }

  async forget(known: number): Promise<void> {
    if (known === this.#version) this.#isForgotten = true
  }
}
