import { z } from 'zod'
import type { CrmUser, CrmUserId } from '@linefinder/core'
import type { MappedUser } from '@linefinder/core/api'
import { crmUserId as toCrmUserId } from '@linefinder/core'
import type { SessionCaller } from '@linefinder/server'
import { accountKey, readAdminSettings, type AdminSettings } from './kept-settings.js'
import { adapterOf, type Wire, type WireRequest } from './wire.js'

const word = z.union([z.string(), z.number()]).nullish().catch(undefined).transform(value => value == null ? '' : String(value).trim())

/** People of the RingCentral account as the client knows them. */
export const rcExtensions = z.array(z.object({ id: word, name: word, firstName: word, lastName: word, email: word, extensionNumber: word })).max(20_000)
type RcExtension = z.infer<typeof rcExtensions>[number]

/** A longer one cannot be in a call log. */
const longestExtension = 20

interface Mapping {
  readonly crmUser: { readonly id: string; readonly name: string; readonly email: string }
  readonly rcUser?: unknown
}

type Asked = WireRequest<'admin'>

/** Each user of the CRM with who they are at RingCentral: as an administrator has said, else as their e-mail address or name says. */
export async function mappingSuggestions(wire: Wire, asked: Asked, extensions: readonly RcExtension[]): Promise<Mapping[]> {
  const { caller } = asked
  const [users, mapped, asList] = await Promise.all([
    usersOf(wire, asked), wire.services.userMapping.list(caller.tenantId, caller.connection.crmAccountId), readsLists(wire, asked),
  ])
  return users.map(user => {
    const said = mapped.filter(each => each.crmUserId === user.id).flatMap(({ extension }) => extensions.filter(each => each.extensionNumber === extension))
    return toMapping(user, said.length > 0 ? said : matchesOf(user, extensions), asList)
  })
}

/** The same without what was said before, and kept. */
export async function reinitialiseMapping(wire: Wire, asked: Asked, extensions: readonly RcExtension[]): Promise<Mapping[]> {
  await keepExtensions(wire, asked, extensions)
  const [users, asList] = await Promise.all([usersOf(wire, asked), readsLists(wire, asked)])
  const matched = users.map(user => ({ user, found: matchesOf(user, extensions) }))
  const entries = matched.flatMap(({ user, found }) => found.filter(({ extensionNumber }) => extensionNumber !== '' && extensionNumber.length <= longestExtension).map(({ extensionNumber }) => ({ extension: extensionNumber, crmUserId: user.id })))
  await replaceMapping(wire, asked, entries, new Set(extensions.map(({ extensionNumber }) => extensionNumber)))
  return matched.map(({ user, found }) => toMapping(user, found, asList))
}

/** Brings what the administrator's client sends, ids of RingCentral's, into the mapping by which calls are logged, which goes by extension numbers. */
export async function storeMappings(wire: Wire, asked: Asked, userMappings: NonNullable<AdminSettings['userMappings']>): Promise<void> {
  const { caller } = asked
  const kept = await wire.services.settings.get(caller.tenantId, accountKey(caller, 'rc-extensions'))
  const numberOf = z.record(z.string(), z.string()).catch({}).parse(kept?.value)
  const entries = userMappings.flatMap(({ crmUserId: id, rcExtensionId }) => {
    const chosen = (Array.isArray(rcExtensionId) ? rcExtensionId : [rcExtensionId]).map(String)
    // `none` is the client's word for nobody.
    return chosen.flatMap(each => numberOf[each] === undefined ? [] : [{ extension: numberOf[each], crmUserId: toCrmUserId.parse(id) }])
  })
  await replaceMapping(wire, asked, entries, new Set(Object.values(numberOf)))
}

/** Extensions that the client does not know keep what they have. */
async function replaceMapping({ services }: Wire, { caller, admin }: Asked, entries: readonly MappedUser[], known: ReadonlySet<string>): Promise<void> {
  const { tenantId, connection: { crmAccountId } } = caller
  const others = (await services.userMapping.list(tenantId, crmAccountId)).filter(({ extension }) => !known.has(extension))
  const first = entries.filter(({ extension }, index) => entries.findIndex(each => each.extension === extension) === index)
  await services.userMapping.replace(tenantId, crmAccountId, [...others, ...first], admin.actor)
}

/** Which number each of them has: the client's other requests name their ids only. */
export async function keepExtensions({ services }: Wire, { caller }: Asked, extensions: readonly RcExtension[]): Promise<void> {
  const numbers = Object.fromEntries(extensions.flatMap(({ id, extensionNumber }) => id === '' || extensionNumber === '' || extensionNumber.length > longestExtension ? [] : [[id, extensionNumber]]))
  await services.settings.put(caller.tenantId, accountKey(caller, 'rc-extensions'), numbers)
}

const usersOf = async (wire: Wire, asked: Asked): Promise<readonly CrmUser[]> =>
  adapterOf(wire, asked.caller).listUsers === undefined ? [] : wire.services.userMapping.users(asked.caller.connection, asked.options)

/** By e-mail address, else by name. What somebody does not have is nothing to be known by. */
function matchesOf({ email, name }: CrmUser, extensions: readonly RcExtension[]): readonly RcExtension[] {
  const isSame = (a: string | undefined, b: string): boolean => a !== undefined && a.trim() !== '' && a.trim().toLowerCase() === b.toLowerCase()
  const found = extensions.find(each => isSame(email, each.email)) ?? extensions.find(each => isSame(name, nameOf(each)))
  return found ? [found] : []
}

const nameOf = ({ name, firstName, lastName }: RcExtension): string => name === '' ? `${firstName} ${lastName}`.trim() : name

/**
 * MISMATCH: the server of App Connect answers `rcUser` as a list, client 1.6.6 reads it as one, finds nothing in the list, and saves a mapping to
 * nobody. Whoever has stored lists before has a client that reads them; everyone else gets one.
 */
async function readsLists(wire: Wire, { caller }: Asked): Promise<boolean> {
  if (wire.settings.rcUserForm !== 'auto') return wire.settings.rcUserForm === 'list'
  return (await readAdminSettings(wire, caller)).userMappings?.some(({ rcExtensionId }) => Array.isArray(rcExtensionId)) ?? false
}

function toMapping({ id, name, email }: CrmUser, found: readonly RcExtension[], asList: boolean): Mapping {
  const people = found.map(each => ({ extensionId: each.id, name: nameOf(each), email: each.email, extensionNumber: each.extensionNumber }))
  const [one] = people
  const crmUser = { id, name, email: email ?? '' }
  if (asList) return { crmUser, rcUser: people }
  return { crmUser, ...(one === undefined ? {} : { rcUser: one }) }
}

/** The user of the CRM whom RingCentral's logging service names by an extension's id, as the administrator has mapped it. */
export async function assignedUserOf(wire: Wire, caller: SessionCaller, submission: Readonly<Record<string, unknown>> | null | undefined): Promise<CrmUserId | undefined> {
  const named = submission?.['adminAssignedUserRcId']
  if (submission?.['isAssignedToUser'] !== true || typeof named !== 'string' && typeof named !== 'number') return undefined
  const { userMappings = [] } = await readAdminSettings(wire, caller)
  const found = userMappings.find(({ rcExtensionId }) => [rcExtensionId].flat().some(each => each != null && String(each) === String(named)))
  return found && toCrmUserId.parse(found.crmUserId)
}
