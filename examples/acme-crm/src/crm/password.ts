import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const keyBytes = 32

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, keyBytes)
  return `${salt.toString('hex')}:${key.toString('hex')}`
}

/** Without a stored hash it still derives a key, so that the answer takes as long for an unknown user. */
export async function matchesPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = '', key = ''] = stored?.split(':') ?? []
  const expected = Buffer.from(key, 'hex')
  const actual = await derive(password, Buffer.from(salt, 'hex'), keyBytes)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
