import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { KeyRing } from '../secrets/key-ring.js'

/** What an endpoint's row holds to sign with, sealed. */
export interface SigningSecrets {
  readonly endpointId: string
  readonly secret: string
  readonly previousSecret: string | null
  readonly previousSecretUntil: Date | null
}

/** In the form that every Standard Webhooks library takes: 32 random bytes in base64 behind a prefix that secret scanners know. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export const secretPlace = (endpointId: string, column: 'secret' | 'previous_secret') =>
  ({ table: 'webhook_endpoints', column, rowId: endpointId })

/** The headers of the Standard Webhooks specification, signed anew for each attempt. While a secret is being rotated there are two signatures. */
export function signedHeaders(keyRing: KeyRing, secrets: SigningSecrets, id: string, body: string, now = new Date()): Record<string, string> {
  const { endpointId, secret, previousSecret, previousSecretUntil } = secrets
  const opened = [keyRing.open(secret, secretPlace(endpointId, 'secret'))]
  if (previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now) {
    opened.push(keyRing.open(previousSecret, secretPlace(endpointId, 'previous_secret')))
  }
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': opened.map(each => new Webhook(each).sign(id, now, body)).join(' '),
  }
}
