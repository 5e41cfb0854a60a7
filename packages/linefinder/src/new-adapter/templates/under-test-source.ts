import type { AdapterPlan } from '../adapter-plan.js'
import { limitsOf } from '../api-facts.js'
import type { ActivityMember, NameShape } from '../api-shape.js'
import { joined, listOf, quoted } from '../source-text.js'

/** `src/testing/under-test.ts`: what the conformance kit needs to know of the fake CRM. */
export function underTestSource({ shape, capabilities }: AdapterPlan): string {
  const { contacts, user, activities: { fields, id, directions }, auth } = shape
  const hasUsers = capabilities.has('listUsers')
  const canExpire = auth.kind === 'oauth2' || auth.kind === 'custom'
  const of = (name: ActivityMember) => fields[name]
  const text = (name: ActivityMember) => `  ${name}: textOf(record[${quoted(of(name) ?? '')}]),`
  const hasMessagesOrTasks = capabilities.has('createMessageLog') || capabilities.has('createTask')
  const hasLabelledDirections = directions.inbound !== 'inbound'
  const contactKey = fields.contactId ?? (hasMessagesOrTasks ? 'contact_id' : null)

  return joined([
    `import type { CrmUnderTest, LimitName, SeenActivity } from '@linefinder/conformance'
import { nameOf, namedAs, phonesOf, withPhones } from './fake-contacts.js'
import { startFakeCrm } from './fake-crm.js'
${auth.kind === 'oauth2' ? 'import { client } from \'./fake-login.js\'\n' : ''}import type { Fields } from './fake-server.js'

/** What the CRM cannot do. Checks of it come out as limited, and the README says so. */
export const limits: readonly LimitName[] = ${listOf(limitsOf(shape, capabilities))}

/** More than one page of them. */
const contactCount = 120

/** The fake, and a look behind the adapter's back. Put a sandbox of the real CRM in its place when you have one. */
export async function crmUnderTest(): Promise<CrmUnderTest> {
  const { origin, login, contacts, activities,${hasUsers ? ' users,' : ''} stop } = await startFakeCrm()
  contacts.add({ ...namedAs('Jan de Vries'), ...withPhones(['(0413) 741-741']) })
  for (let count = 1; count < contactCount; count += 1) contacts.add({ ...namedAs(\`Somebody \${String(count)}\`), ...withPhones([]) })

  return {
    origin, stop,`,
    auth.kind === 'oauth2' && '    oauthClient: client,',
    `    user: { connect: () => login.connect('ann') },
    secondUser: { connect: () => login.connect('ben') },
    contactLagMs: 0,
    probes: {
      createContact: async ({ name, phones${contacts.email === null ? '' : ', email'} }) =>
        String(contacts.add({ ...namedAs(name), ...withPhones(phones)${contacts.email === null ? '' : `, ${quoted(contacts.email)}: email ?? null`} })[${quoted(contacts.id.field)}]),
      async readContact(id) {
        const record = contacts.get(id)
        return record && { name: nameOf(record), phones: phonesOf(record)${contacts.email === null ? '' : `, email: textOf(record[${quoted(contacts.email)}])`} }
      },
      async renameContact(id, name) { contacts.change(id, namedAs(name)) },
      async deleteContact(id) { contacts.delete(id) },
      async readActivity(id) {
        const record = activities.get(id)
        return record ? seen(record) : null
      },
      async editActivity(id, { subject, note }) {
        const record = activities.get(id)`,
    of('subject') === undefined ? null : `        if (record && subject !== undefined) record[${quoted(of('subject') ?? '')}] = subject`,
    of('subject') === undefined && '        if (subject !== undefined) throw new Error(\'this CRM has no subjects\')',
    `        if (record && note !== undefined) record[${quoted(of('body') ?? 'note')}] = note
      },
      async deleteActivity(id) { activities.delete(id) },`,
    contactKey !== null && `      listActivities: async id => [...activities.values()].filter(record => String(record[${quoted(contactKey)}]) === id).map(seen),`,
    hasUsers && `      listUsers: async () => users.map(record => ({ id: String(record[${quoted(user.id.field)}]), name: ${userName(user.name)}${user.email === null ? '' : `, email: textOf(record[${quoted(user.email)}])`} })),`,
    canExpire && '      async expireTokens() { login.expireTokens() },',
    `      async revokeAccess() { login.revokeAccess() },
    },
  }
}

const seen = (record: Fields): SeenActivity => ({
  id: String(record[${quoted(id.field)}]),`,
    ...(['contactId', 'externalId', 'subject', 'from', 'to', 'startedAt', 'result', 'disposition', 'recordingUrl'] as const).map(name => of(name) !== undefined && text(name)),
    `  note: textOf(record[${quoted(of('body') ?? 'note')}]),`,
    fields.direction !== undefined && (hasLabelledDirections
      ? `  direction: record[${quoted(fields.direction)}] === ${quoted(directions.inbound)} ? 'inbound' : record[${quoted(fields.direction)}] === ${quoted(directions.outbound)} ? 'outbound' : null,`
      : `  direction: record[${quoted(fields.direction)}] === 'inbound' ? 'inbound' : record[${quoted(fields.direction)}] === 'outbound' ? 'outbound' : null,`),
    fields.durationSeconds !== undefined && `  durationSeconds: typeof record[${quoted(fields.durationSeconds)}] === 'number' ? record[${quoted(fields.durationSeconds)}] : null,`,
    capabilities.has('fields') && '  fields: (record[\'fields\'] ?? {}) as NonNullable<SeenActivity[\'fields\']>,',
    capabilities.has('createTask') && `  dueAt: textOf(record['due_at']),
  status: record['status'] === 'open' || record['status'] === 'done' || record['status'] === 'cancelled' ? record['status'] : null,`,
    capabilities.has('uploadRecording') && '  recordings: Object.entries(record[\'recordings\'] ?? {}).map(([fileName, sizeBytes]) => ({ fileName, sizeBytes: Number(sizeBytes) })),',
    `})

const textOf = (value: unknown): string | null => value == null ? null : String(value)`,
  ]) + '\n'
}

const userName = (name: NameShape): string => name.kind === 'one'
  ? `String(record[${quoted(name.field)}])`
  : `[record[${quoted(name.first)}], record[${quoted(name.last)}]].join(' ')`
