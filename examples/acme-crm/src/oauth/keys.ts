import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JWKS } from 'oidc-provider'
import type { Database } from '../database/open-database.js'
import { keepValue } from '../database/kept-value.js'

export interface Keys {
  readonly signing: JWKS
  readonly cookies: string[]
}

/** Made at the first start and kept, so that sessions and tokens outlive a restart. */
export async function loadKeys(database: Database): Promise<Keys> {
  return {
    signing: await keepValue(database, 'signing keys', makeSigningKeys),
    cookies: await keepValue(database, 'cookie keys', () => [randomBytes(32).toString('base64url')]),
  }
}

function makeSigningKeys(): JWKS {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y, d } = privateKey.export({ format: 'jwk' })
  return { keys: [{ kty, crv, x, y, d, use: 'sig', alg: 'ES256' }] }
}
