import type { Migration } from '../migrate.js'
import { tenancy } from './0001-tenancy.js'
import { connecting } from './0002-connecting.js'
import { callLogs } from './0003-call-logs.js'
import { directory } from './0004-directory.js'
import { retries } from './0005-retries.js'
import { ledger } from './0006-ledger.js'
import { webhooks } from './0007-webhooks.js'
import { health } from './0008-health.js'
import { contactChoice } from './0009-contact-choice.js'
import { messageLogs } from './0010-message-logs.js'
import { retention } from './0011-retention.js'
import { installationSecrets } from './0012-installation-secrets.js'
import { documents } from './0013-documents.js'
import { userMappings } from './0014-user-mappings.js'

/** In the order in which they run. */
export const migrations: readonly Migration[] = [
  tenancy, connecting, callLogs, directory, retries, ledger, webhooks, health, contactChoice, messageLogs, retention, installationSecrets, documents,
  userMappings,
]
