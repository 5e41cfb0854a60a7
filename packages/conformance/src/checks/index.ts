import type { Check } from '../check.js'
import { authChecks } from './auth.js'
import { callLogSearchChecks } from './call-log-search.js'
import { callLogUpdateChecks } from './call-log-updates.js'
import { callLogChecks } from './call-logs.js'
import { cancellationChecks } from './cancellation.js'
import { concurrencyChecks } from './concurrency.js'
import { contractChecks } from './contract.js'
import { createContactChecks } from './create-contact.js'
import { credentialChecks } from './credentials.js'
import { errorChecks } from './errors.js'
import { findContactChecks } from './find-contact.js'
import { getUserInfoChecks } from './get-user-info.js'
import { listContactsChecks } from './list-contacts.js'
import { listUsersChecks } from './list-users.js'
import { logoutChecks } from './logout.js'
import { mannerChecks } from './manners.js'
import { messageChecks } from './messages.js'
import { outcomeChecks } from './outcomes-and-fields.js'
import { pacingChecks } from './pacing.js'
import { recordingChecks } from './recordings.js'
import { taskChecks } from './tasks.js'

/** In the order in which they run: manners last, since they look back on everything before. */
export const checks: readonly Check[] = [
  ...contractChecks, ...authChecks, ...credentialChecks, ...getUserInfoChecks, ...listUsersChecks, ...findContactChecks, ...createContactChecks,
  ...callLogChecks, ...callLogUpdateChecks, ...callLogSearchChecks, ...messageChecks, ...taskChecks, ...outcomeChecks,
  ...listContactsChecks, ...recordingChecks, ...logoutChecks, ...errorChecks, ...pacingChecks, ...cancellationChecks, ...concurrencyChecks,
  ...mannerChecks,
]
