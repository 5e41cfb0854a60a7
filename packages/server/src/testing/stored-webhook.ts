import { randomUUID } from 'node:crypto'
import { newSecret, secretPlace } from '../webhooks/signing.js'
import type { TestServer } from './test-server.js'

/** A webhook as creating it leaves it. Returns its id. */
export async function storeWebhook(
  { server: { services: { models, keyRing } }, tenantId: defaultTenant }: TestServer,
  { tenantId = defaultTenant, url = 'https://hooks.example.test/in' }: { tenantId?: string; url?: string } = {},
): Promise<string> {
  const id = randomUUID()
  await models.webhookEndpoints.create({
    id, tenantId, url, events: null, description: '', enabled: true, disabledReason: null, failingSince: null,
    secret: keyRing.seal(newSecret(), secretPlace(id, 'secret')), previousSecret: null, previousSecretUntil: null,
  })
  return id
}
