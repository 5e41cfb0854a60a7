import { adapters, installations } from './adapters.js'
import { admin as administration } from './admin.js'
import { callLogs } from './call-logs.js'
import { connecting, me } from './connecting.js'
import { contacts } from './contacts.js'
import { adminDeliveries } from './deliveries.js'
import { adminDirectories, directory } from './directory.js'
import type { Endpoint } from './endpoint.js'
import { health } from './health.js'
import { logFields } from './log-fields.js'
import { adminPersonalData } from './personal-data.js'
import { phoneNumbers } from './phone-numbers.js'
import { adminWebhooks } from './webhooks.js'

const admin = { ...administration, directories: adminDirectories, deliveries: adminDeliveries, personalData: adminPersonalData, webhooks: adminWebhooks }

/** Every REST endpoint of Linefinder. */
export const api = { adapters, installations, connecting, me, contacts, directory, phoneNumbers, callLogs, logFields, admin, health }

/** The same as a flat list. */
export const endpoints: readonly Endpoint[] = [
  adapters, installations, connecting, me, contacts, directory, phoneNumbers, callLogs, logFields,
  ...Object.values(admin), health,
].flatMap(group => Object.values(group) as Endpoint[])

export * from './endpoint.js'
export { problem, type Problem } from './problem.js'
export { pageOf, pageQuery } from './page.js'
export { adapterSummary, installationSummary, type AdapterSummary, type InstallationSummary } from './adapters.js'
export { codePageRedirect, sessionToken, type SessionToken } from './connecting.js'
export { contactMatch, lookupResult, matchKinds, type ContactMatch, type LookupItem, type LookupResult } from './contacts.js'
export { directoryResource, type DirectoryResource } from './directory.js'
export { lineFailures, normalizedNumber, numberLine, phoneOutputs, type NormalizedNumber, type NumberLine } from './phone-numbers.js'
export * from './call-logs.js'
export { disposition } from './log-fields.js'
export * from './standing.js'
export * from './deliveries.js'
export { personalEntry, type PersonalEntry } from './personal-data.js'
export { adminAgent, adminApiKey, adminClientApp, adminConnection, adminInstallation, installationSettings } from './admin.js'
export {
  adminWebhook, webhookDelivery, webhookEvent, webhookEventTypes, webhookFailures, webhookOutcomes,
  type WebhookDelivery, type WebhookEvent, type WebhookEventType, type WebhookFailure, type WebhookOutcome,
} from './webhooks.js'
