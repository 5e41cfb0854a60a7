import { randomUUID } from 'node:crypto'
import type { AuthScheme } from '@linefinder/core'
import type { Credentials } from '@linefinder/core/http'
import { unreportedKeyOf } from '../connections/account-key.js'
import { checkAuthFields } from '../connections/auth-fields.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { ChosenInstallation } from '../installations/installation-service.js'
import { findActivities, insertLinks, type OwnedLink } from './import-link-statements.js'
import { insertUsers, listKnownUsers, replaceCredentials, type KnownUser } from './import-statements.js'
import type { ImportedLink, ImportedUser, ImportOutcome, ImportTarget, SkipReason } from './imported.js'

const longestId = 255

/** Takes over what another system knows of a tenant's users, and where the CRM has what it logged. The same again changes nothing. */
export class ImportService {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'installations' | 'vault'>) {}

  /** How people connect to the installation. Throws `installation_not_found`, `installation_disabled` or `host_not_allowed`. */
  async schemeOf({ tenantId, installationId, host }: ImportTarget): Promise<AuthScheme> {
    const { allowedHosts: [anyHost], host: fixed } = await this.deps.installations.get(tenantId, installationId)
    return (await this.deps.installations.choose(tenantId, installationId, host ?? fixed ?? anyHost)).scheme
  }

  /**
   * One batch, in a transaction of its own. Who is connected here already keeps the credentials that are here, unless they are to be replaced.
   * The CRM is not asked: the server finds out later, of each, whether it takes the credentials and which account it names.
   */
  async users(target: ImportTarget, users: readonly ImportedUser[], replacesCredentials: boolean): Promise<ImportOutcome[]> {
    const { database, vault } = this.deps
    const { tenantId, installationId, isDryRun } = target
    const choose = this.#chooser(target)
    const checked = await Promise.all(users.map(async user => check(choose, user)))
    return database.transaction(async () => {
      const known = await this.#knownUsers(target, users.map(({ crmUserId }) => crmUserId))
      const made = new Map<string, { connectionId: string; accountKey: string; hostname: string; crmUserId: string; credentials: string | null }>()
      const outcomes: ImportOutcome[] = []
      for (const each of checked) {
        const { user: { label, crmUserId, credentials } } = each
        if ('reason' in each) {
          outcomes.push({ label, is: 'skipped', reason: each.reason })
          continue
        }
        const { hostname } = each
        const accountKey = unreportedKeyOf(hostname, crmUserId)
        const [owner, another] = known(crmUserId, hostname)
        if (another) {
          outcomes.push({ label, is: 'skipped', reason: 'ambiguous_user' })
          continue
        }
        const connectionIdHere = owner?.connectionId ?? made.get(accountKey)?.connectionId
        if (connectionIdHere !== undefined) {
          const isReplaced = owner !== undefined && replacesCredentials && credentials !== null
          if (isReplaced && !isDryRun) await replaceCredentials(database, tenantId, owner.connectionId, vault.seal(owner.connectionId, credentials))
          outcomes.push({ label, is: isReplaced ? 'replaced' : 'there', connectionId: connectionIdHere })
          continue
        }
        const connectionId = randomUUID()
        made.set(accountKey, { connectionId, accountKey, hostname, crmUserId, credentials: credentials && vault.seal(connectionId, credentials) })
        outcomes.push({ label, is: 'new', ...(isDryRun ? {} : { connectionId }) })
      }
      if (!isDryRun && made.size > 0) await insertUsers(database, tenantId, installationId, [...made.values()])
      return outcomes
    })
  }

  /**
   * One batch, in a transaction of its own. `isComing` tells, in a dry run, of users who would be there by now. No two links may have one name
   * of one user.
   */
  async links(target: ImportTarget, links: readonly ImportedLink[], isComing: (crmUserId: string) => boolean): Promise<ImportOutcome[]> {
    const { database } = this.deps
    const { tenantId, isDryRun } = target
    const choose = this.#chooser(target)
    const hosts = await Promise.all(links.map(async ({ hostname }) => (await choose(hostname))?.hostname ?? null))
    return database.transaction(async () => {
      const known = await this.#knownUsers(target, links.map(({ crmUserId }) => crmUserId))
      const owned: OwnedLink[] = []
      const sorted = links.map((link, index): ImportOutcome | OwnedLink => {
        const { label, crmUserId } = link
        if (!areIds(link.key, link.activityId, link.contactId ?? undefined)) return { label, is: 'skipped', reason: 'invalid_id' }
        const [owner, another] = known(crmUserId, hosts[index] ?? null)
        if (another) return { label, is: 'skipped', reason: 'ambiguous_user' }
        if (!owner) return isDryRun && isComing(crmUserId) ? { label, is: 'new' } : { label, is: 'skipped', reason: 'unknown_user' }
        const found = { link, owner }
        owned.push(found)
        return found
      })
      const activities = await findActivities(database, tenantId, owned)
      const isNew = owned.filter((_, index) => activities[index] === undefined)
      if (!isDryRun && isNew.length > 0) await insertLinks(database, tenantId, isNew)
      const outcomes = new Map(owned.map((each, index) => [each, outcomeOf(each.link, activities[index])]))
      return sorted.map(each => 'is' in each ? each : outcomes.get(each) ?? { label: each.link.label, is: 'new' })
    })
  }

  /** `null` when the installation does not lead there. Throws `installation_not_found` and `installation_disabled`. */
  #chooser({ tenantId, installationId, host }: ImportTarget): ChooseHost {
    const asked = new Map<string | null, Promise<ChosenInstallation | null>>()
    return hostname => {
      const known = asked.get(hostname)
      if (known) return known
      const chosen = this.deps.installations.choose(tenantId, installationId, host ?? hostname ?? undefined).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'host_not_allowed') return null
        throw error
      })
      asked.set(hostname, chosen)
      return chosen
    }
  }

  /** By id and host; without a host, by id. Several when the host has several accounts. */
  async #knownUsers({ tenantId, installationId }: ImportTarget, ids: readonly string[]): Promise<(crmUserId: string, hostname: string | null) => KnownUser[]> {
    const byId = new Map<string, KnownUser[]>()
    for (const user of await listKnownUsers(this.deps.database, tenantId, installationId, [...new Set(ids)])) {
      byId.set(user.crmUserId, [...byId.get(user.crmUserId) ?? [], user])
    }
    return (crmUserId, hostname) => (byId.get(crmUserId) ?? []).filter(each => hostname === null || each.hostname === hostname)
  }
}

type ChooseHost = (hostname: string | null) => Promise<ChosenInstallation | null>

async function check(choose: ChooseHost, user: ImportedUser): Promise<{ user: ImportedUser; hostname: string } | { user: ImportedUser; reason: SkipReason }> {
  if (!areIds(user.crmUserId)) return { user, reason: 'invalid_id' }
  const chosen = await choose(user.hostname)
  if (!chosen) return { user, reason: 'host_not_allowed' }
  return fits(chosen.scheme, user.credentials) ? { user, hostname: chosen.hostname } : { user, reason: 'invalid_fields' }
}

function outcomeOf({ label, activityId }: ImportedLink, activity: string | null | undefined): ImportOutcome {
  if (activity === undefined) return { label, is: 'new' }
  return activity === activityId ? { label, is: 'there' } : { label, is: 'skipped', reason: 'other_activity' }
}

const areIds = (...ids: readonly (string | undefined)[]): boolean => ids.every(id => id === undefined || (id.length > 0 && id.length <= longestId))

/** Whether these are what people of the installation hold. */
function fits(scheme: AuthScheme, held: Credentials | null): boolean {
  if (held === null) return true
  if (scheme.type === 'oauth2') return held.type === 'oauth2'
  if (scheme.type === 'custom' || held.type !== 'fields') return false
  try {
    checkAuthFields(scheme.fields, held.fields)
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}
