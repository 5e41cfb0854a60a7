import { adapters, installations } from './adapters.js'
import { admin as administration } from './admin.js'
import { adminAudit } from './audit.js'
import { callLogs } from './call-logs.js'
import { callbacks } from './callbacks.js'
import { connecting, me } from './connecting.js'
import { contacts } from './contacts.js'
import { adminDeliveries } from './deliveries.js'
import { adminDirectories, directory } from './directory.js'
import { adminDocuments } from './documents.js'
import type { Endpoint } from './endpoint.js'
import { health } from './health.js'
import { logFields } from './log-fields.js'
import { messageLogs } from './message-logs.js'
import { adminPersonalData } from './personal-data.js'
import { reconnecting } from './reconnecting.js'
import { phoneNumbers } from './phone-numbers.js'
import { adminUsers } from './users.js'
import { adminWebhooks } from './webhooks.js'

const admin = {
  ...administration, documents: adminDocuments, directories: adminDirectories, deliveries: adminDeliveries, personalData: adminPersonalData, webhooks: adminWebhooks, users: adminUsers, audit: adminAudit,
}

/** Every REST endpoint of Linefinder. */
export const api = { adapters, installations, connecting, reconnecting, me, contacts, directory, phoneNumbers, callLogs, logFields, messageLogs, callbacks, admin, health }

/** The same as a flat list. */
export const endpoints: readonly Endpoint[] = [
  adapters, installations, connecting, reconnecting, me, contacts, directory, phoneNumbers, callLogs, logFields, messageLogs, callbacks,
  ...Object.values(admin), health,
].flatMap(group => Object.values(group) as Endpoint[])

export * from './endpoint.js'
export { documentProblem, type DocumentProblem } from './document-problem.js'
export { adminDocument } from './documents.js'
export { problem, type Problem } from './problem.js'
export { pageOf, pageQuery } from './page.js'
export { adapterProperty, adapterSummary, installationSummary, type AdapterSummary, type InstallationSummary } from './adapters.js'
export { codePageRedirect, connectionStates, sessionToken, type ConnectionResource, type SessionToken } from './connecting.js'
export { contactMatch, lookupExplanation, lookupResult, matchKinds, type ContactMatch, type LookupExplanation, type LookupItem, type LookupResult } from './contacts.js'
export { directoryResource, type DirectoryResource } from './directory.js'
export { lineFailures, normalizedNumber, numberLine, phoneOutputs, type NormalizedNumber, type NumberLine } from './phone-numbers.js'
export * from './call-logs.js'
export { disposition } from './log-fields.js'
export * from './callbacks.js'
export * from './message-logs.js'
export * from './standing.js'
export * from './deliveries.js'
export { personalEntry, type PersonalEntry } from './personal-data.js'
export { adminAgent, adminApiKey, adminClientApp, adminConnection, adminInstallation, installationSettings } from './admin.js'
export {
  adminWebhook, webhookDelivery, webhookEvent, webhookEventTypes, webhookFailures, webhookOutcomes,
  type WebhookDelivery, type WebhookEvent, type WebhookEventType, type WebhookFailure, type WebhookOutcome,
} from './webhooks.js'
export { auditEntry } from './audit.js'
export { crmUserOfConnection, userMapping, type CrmUserOfConnection, type MappedUser, type UserMappingResource } from './users.js'
