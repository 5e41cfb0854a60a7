import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const keyOf = (secretKey: string): Buffer => Buffer.from(hkdfSync('sha256', secretKey, '', 'linefinder app-connect encode', 32))

/** `lib/encode`: a text sealed with AES-256-GCM, in hex. What App Connect's own server has sealed cannot be opened here. */
export const createEncode = (secretKey: () => string) => ({
  encode(text: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyOf(secretKey()), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('hex')
  },
  /** Throws when it was not sealed with this key. */
  decoded(hex: string): string {
    const bytes = Buffer.from(hex, 'hex')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secretKey()), bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  },
})
