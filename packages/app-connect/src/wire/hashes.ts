import { createHash } from 'node:crypto'
import type { SurfaceServices } from '@linefinder/server'

/** Under which names RingCentral's ids go here. */
export class Hashes {
  readonly #key: string

  /** The oldest key of the ring is the one that stays the longest. */
  constructor({ keyRing }: Pick<SurfaceServices, 'keyRing'>, key: string | undefined) {
    this.#key = key ?? keyRing.derive('app-connect/hash').at(-1)?.key.toString('base64') ?? ''
  }

  of(id: string): string {
    return createHash('sha256').update(`${id}:${this.#key}`).digest('hex')
  }
}
