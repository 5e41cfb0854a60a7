import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Where a secret lives. Bound into the ciphertext, so that it cannot be moved to another row or column. */
export interface SecretPlace {
  readonly table: string
  readonly column: string
  readonly rowId: string
}

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D). The newest key seals, every key opens, so keys rotate without downtime.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #newestId: string

  /** `text` is `id:base64 key` pairs separated by commas, newest first; each key is 32 bytes. Throws naming what is wrong. */
  constructor(text: string) {
    const keys = text.split(',').map(pair => pair.trim()).filter(pair => pair !== '').map(readKey)
    const [newest] = keys
    if (!newest) throw new Error('the key ring is empty; make a key with: linefinder keys new-secret')
    this.#keys = new Map(keys)
    if (this.#keys.size !== keys.length) throw new Error('two keys of the key ring have one id')
    this.#newestId = newest[0]
  }

  static newKey(id: string): string {
    return `${id}:${randomBytes(32).toString('base64')}`
  }

  seal(secret: string, place: SecretPlace): string {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.#newestId), iv).setAAD(placeBytes(place))
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [format, this.#newestId, iv.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  /** Throws when the key is not in the ring, or the text was changed or moved. */
  open(sealed: string, place: SecretPlace): string {
    const [version, id, iv, body] = sealed.split('.')
    if (version !== format || id === undefined || iv === undefined || body === undefined) throw new Error('not a sealed secret')
    const bytes = Buffer.from(body, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', this.#key(id), Buffer.from(iv, 'base64url'), { authTagLength })
      .setAAD(placeBytes(place))
      .setAuthTag(bytes.subarray(-authTagLength))
    return Buffer.concat([decipher.update(bytes.subarray(0, -authTagLength)), decipher.final()]).toString('utf8')
  }

  /** Keys for another purpose, one of each of the ring, newest first (HKDF-SHA-256, RFC 5869). The same in every process that has the ring. */
  derive(purpose: string): { readonly id: string; readonly key: Buffer }[] {
    return [...this.#keys].map(([id, key]) => ({ id, key: Buffer.from(hkdfSync('sha256', key, '', `linefinder/${purpose}`, 32)) }))
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id)
    if (!key) throw new Error(`the key ring has no key "${id}"; put it back behind the newest`)
    return key
  }
}

const format = 's1'
const authTagLength = 16

const placeBytes = ({ table, column, rowId }: SecretPlace): Buffer => Buffer.from(`${table}/${column}/${rowId}`)

function readKey(pair: string): [string, Buffer] {
  const [id = '', base64 = ''] = pair.split(':')
  const key = Buffer.from(base64, 'base64')
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) throw new Error('a key of the key ring has no id of letters, digits, _ and -')
  if (key.length !== 32) throw new Error(`key "${id}" of the key ring is not 32 bytes of base64`)
  return [id, key]
}
