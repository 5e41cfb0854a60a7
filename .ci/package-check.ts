// Type-checked against the packed packages, as a user of theirs would write it.
import { CrmError, oauth2, type CrmAdapter } from '@linefinder/core'
import { api, type CallLogResource } from '@linefinder/core/api'
import { parsePhone, samePhone } from '@linefinder/core/phone'
import { faultProxy, runConformance, type CrmUnderTest } from '@linefinder/conformance'
import { createClient, LinefinderError } from '@linefinder/client'
import { createServer, type ServerOptions } from '@linefinder/server'
import memory from '@linefinder/adapter-memory'
import acme from '@linefinder/adapter-acme'
import acmeLegacy from '@linefinder/adapter-acme-legacy'
import tryton from '@linefinder/adapter-tryton'

const adapters: readonly CrmAdapter[] = [memory, acme, acmeLegacy, tryton]
const options: ServerOptions = { adapters }
export const server = createServer(options)

const client = createClient({ baseUrl: 'http://127.0.0.1:4000', token: 'lfs_x' })
export async function note(callId: string): Promise<CallLogResource> {
  return client.callLogs.patch({ params: { callId }, query: {}, body: { note: 'called back' } })
}
export const isSame: boolean = samePhone('+31413741741', '(0413) 741-741', { country: 'NL' })
export const parsed = parsePhone('+31413741741')
export const scheme = oauth2({ authorizeUrl: 'https://{hostname}/a', tokenUrl: 'https://{hostname}/t', scopes: [] })
export const failures = [new CrmError('timeout').isRetryable, LinefinderError, api.contacts.find.path]
export const prove = (crm: CrmUnderTest) => runConformance({ adapter: memory, crm, limits: ['noRequests'] })
export const proxy = () => faultProxy('https://crm.example.test')
