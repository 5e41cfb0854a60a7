import { createHash, randomBytes } from 'node:crypto'
import { compactVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { ApiError, type SurfaceServices } from '@linefinder/server'
import type { WireSettings } from './options.js'

/** What a token says; `id` is the CRM user's id and the platform, joined by a hyphen, as connectors expect it. */
const claims = z.object({ id: z.string(), platform: z.string(), jti: z.string().min(32), exp: z.int() })
type Claims = z.infer<typeof claims>

export interface ProvenToken {
  readonly sessionHash: Buffer
  readonly platform: string
  /** For whoever takes it, while the token is in its last days or beyond. */
  readonly successor: Promise<string> | null
}

export interface NewToken {
  readonly jwt: string
  readonly sessionHash: Buffer
}

const mostKnown = 10_000
const offerMs = 7 * 86_400_000

interface Known extends Claims {
  readonly sessionHash: Buffer
  successor: Promise<string> | null
}

/**
 * The tokens of App Connect's clients: JWTs (HS256) that each name one session of ours by a secret in them. The signature is checked once per token
 * and process; the session on every request, so a token ends with it.
 */
export class WireTokens {
  readonly #keys: readonly { readonly id: string; readonly key: Buffer }[]
  /** By the hash of the token, so that memory holds none. */
  readonly #known = new Map<string, Known>()

  constructor({ keyRing }: Pick<SurfaceServices, 'keyRing'>, private readonly settings: Pick<WireSettings, 'tokenDays' | 'keepsUsedTokens'>) {
    this.#keys = keyRing.derive('app-connect/jwt')
  }

  async issue(id: string, platform: string): Promise<NewToken> {
    const jti = randomBytes(32).toString('base64url')
    return { jwt: await this.#sign({ id, platform, jti }), sessionHash: sessionHashOf(jti) }
  }

  /** Throws `unauthenticated` for one that is not ours, or past its time where that counts. */
  async prove(token: string): Promise<ProvenToken> {
    const name = createHash('sha256').update(token).digest('base64')
    const known = this.#known.get(name) ?? this.#keep(name, await this.#verified(token))
    const leftMs = known.exp * 1000 - Date.now()
    if (leftMs <= 0 && !this.settings.keepsUsedTokens) throw new ApiError('unauthenticated')
    const { sessionHash, platform } = known
    if (leftMs > offerMs) return { sessionHash, platform, successor: null }
    return { sessionHash, platform, successor: known.successor ??= this.#sign(known) }
  }

  #keep(name: string, verified: Claims): Known {
    const [oldest] = this.#known.keys()
    if (this.#known.size >= mostKnown && oldest !== undefined) this.#known.delete(oldest)
    const known: Known = { ...verified, sessionHash: sessionHashOf(verified.jti), successor: null }
    this.#known.set(name, known)
    return known
  }

  async #verified(token: string): Promise<Claims> {
    try {
      const { payload } = await compactVerify(token, ({ kid }) => this.#keyOf(kid), { algorithms: ['HS256'] })
      return claims.parse(JSON.parse(new TextDecoder().decode(payload)))
    } catch (error) {
      throw new ApiError('unauthenticated', { cause: error })
    }
  }

  /** The successor is of the same session, so it ends with the same word. */
  async #sign({ id, platform, jti }: Omit<Claims, 'exp'>): Promise<string> {
    const [newest] = this.#keys
    if (!newest) throw new Error('a key ring has at least one key')
    return new SignJWT({ id, platform })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: newest.id }).setJti(jti).setIssuedAt().setExpirationTime(`${String(this.settings.tokenDays)} days`)
      .sign(newest.key)
  }

  #keyOf(id: string | undefined): Buffer {
    const found = this.#keys.find(each => each.id === id)
    if (!found) throw new Error('no key of that id')
    return found.key
  }
}

/** A native session token is hashed as it is, so neither can stand in for the other. */
const sessionHashOf = (jti: string): Buffer => createHash('sha256').update(`app-connect:${jti}`).digest()
