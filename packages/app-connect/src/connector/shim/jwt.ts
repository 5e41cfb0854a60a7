import { createHmac, timingSafeEqual } from 'node:crypto'

const lifetimeSeconds = 14 * 86_400

/** `lib/jwt`: JSON Web Tokens with HS256 (RFC 7515), good for two weeks. */
export const createJwt = (secretKey: () => string) => ({
  generateJwt(data: object): string {
    const now = Math.floor(Date.now() / 1000)
    const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...data, iat: now, exp: now + lifetimeSeconds })}`
    return `${content}.${signature(content, secretKey()).toString('base64url')}`
  },
  /** `null` for one that is not ours, was changed, or is over. */
  decodeJwt(token: unknown): Record<string, unknown> | null {
    const [header = '', payload = '', signed = '', ...more] = String(token).split('.')
    const given = Buffer.from(signed, 'base64url')
    const wanted = signature(`${header}.${payload}`, secretKey())
    if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
    const { alg } = decoded(header)
    const claims = decoded(payload)
    return alg === 'HS256' && (typeof claims['exp'] !== 'number' || claims['exp'] * 1000 > Date.now()) ? claims : null
  },
})

const signature = (content: string, key: string): Buffer => createHmac('sha256', key).update(content).digest()
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  } catch {
    return {}
  }
}
