import type { Capability } from '@linefinder/core'
import { documentAt } from '../../openapi/document-at.js'
import { findActivities } from '../../openapi/find-activities.js'
import { findContacts } from '../../openapi/find-contacts.js'
import type { ApiDocument } from '../../openapi/read-document.js'
import { serverAddressOf } from '../../openapi/server-address.js'
import type { Proposal } from '../adapter-plan.js'
import { usualShape, type ApiShape, type AuthKind } from '../api-shape.js'
import { proposeActivities } from './propose-activities.js'
import { proposeAuth } from './propose-auth.js'
import { proposeContacts } from './propose-contacts.js'
import { proposeUsers } from './propose-users.js'

export interface Proposed {
  readonly shape: ApiShape
  readonly capabilities: ReadonlySet<Capability>
  readonly proposal: Proposal
}

/** What an adapter for the documented API would be. Throws `CommandError` when the document is broken. */
export async function proposeFrom(place: string, auth: AuthKind | undefined): Promise<Proposed> {
  return propose(await documentAt(place), auth)
}

export function propose(document: ApiDocument, auth: AuthKind | undefined): Proposed {
  const usual = usualShape(auth ?? 'apiKey')
  const { host, basePath } = serverAddressOf(document.server)
  const parts = {
    auth: proposeAuth(document, host, auth),
    users: proposeUsers(document, usual),
    contacts: proposeContacts(document, findContacts(document), usual.contacts),
    activities: proposeActivities(document, findActivities(document), usual.activities),
  }
  const address = document.server === '' ? [] : [{ what: 'the API’s address', where: `\`${document.server}\`` }]
  return {
    shape: {
      host, basePath, auth: parts.auth.auth, user: parts.users.user, users: parts.users.users, contacts: parts.contacts.contacts, activities: parts.activities.activities,
    },
    capabilities: new Set([parts.users, parts.contacts, parts.activities].flatMap(({ capabilities }) => capabilities)),
    proposal: {
      document: `${document.title} ${document.version}`,
      found: [...address, ...Object.values(parts).flatMap(({ found }) => found)],
      notFound: [
        ...(address.length === 0 ? [{ what: 'the API’s address (`servers`)', where: 'the installation’s host, with nothing before the paths' }] : []),
        ...Object.values(parts).flatMap(({ notFound }) => notFound),
      ],
    },
  }
}
