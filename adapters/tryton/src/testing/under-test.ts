import type { CrmUnderTest, LimitName, SeenActivity } from '@linefinder/conformance'
import { annsPassword, probeWithAnn } from './probe.js'
import { startTryton } from './start-tryton.js'

interface Note {
  readonly id: number
  readonly message: string
  readonly resource: string
}

const bensPassword = 'met-Uitjes-9'

/** What the CRM cannot do. Checks of it come out as limited, and the README says so. */
export const limits: readonly LimitName[] = ['needsContact', 'noDeletion']

/** A new Tryton with Ann and Ben, and its administrator to look behind the adapter's back. */
export async function crmUnderTest(): Promise<CrmUnderTest> {
  const server = await startTryton()
  const admin = await probeWithAnn(server)
  await admin.call('res.user.create', [{ name: 'Ben Smit', login: 'ben', password: bensPassword }])
  // So many that Tryton would give them in pages, if it did.
  await admin.call('res.user.create', Array.from({ length: 100 }, (_, index) => ({ name: `User ${String(index)}`, login: `user${String(index)}` })))
  // More than one page of `listContacts`.
  await admin.call('party.party.create', Array.from({ length: 210 }, (_, index) => ({ name: `Party ${String(index)}` })))
  const noteFields = ['message', 'resource']

  async function toSeen({ id, message, resource }: Note): Promise<SeenActivity> {
    const party = resource.replace('party.party,', '')
    const files = await admin.filesOn(Number(party))
    const externalId = /\[([^\]]+)\]$/.exec(message)?.[1] ?? null
    return { id: String(id), contactId: party, externalId, note: message, recordings: files.map(({ name, data }) => ({ fileName: name, sizeBytes: data.length })) }
  }

  return {
    origin: server.url,
    settings: { country: 'NL', database: server.database },
    user: { connect: async () => ({ fields: { username: 'ann', password: annsPassword } }) },
    secondUser: { connect: async () => ({ fields: { username: 'ben', password: bensPassword } }) },
    contactLagMs: 0,
    stop: () => server.stop(),
    probes: {
      createContact: async ({ name, phones }) => String(await admin.createParty(name, ...phones.map(value => ({ type: 'phone', value })))),
      async readContact(id) {
        const [party] = await admin.call<{ name: string; contact_mechanisms: number[] }[]>('party.party.read', [Number(id)], ['name', 'contact_mechanisms'])
        const ways = await admin.call<{ type: string; value: string }[]>('party.contact_mechanism.read', party?.contact_mechanisms ?? [], ['type', 'value'])
        const email = ways.find(({ type }) => type === 'email')?.value ?? null
        return party ? { name: party.name, email, phones: ways.filter(({ type }) => type !== 'email').map(({ value }) => value) } : null
      },
      async renameContact(id, name) { await admin.call('party.party.write', [Number(id)], { name }) },
      async deleteContact(id) { await admin.call('party.party.delete', [Number(id)]) },
      listUsers: async () => (await admin.call<{ id: number; name: string; email: string | null }[]>('res.user.search_read', [], 0, null, [['id', 'ASC']], ['name', 'email']))
        .map(({ id, name, email }) => ({ id: String(id), name, email: email || null })),
      async readActivity(id) {
        const [note] = await admin.call<Note[]>('ir.note.search_read', [['id', '=', Number(id)]], 0, 1, null, noteFields)
        return note ? toSeen(note) : null
      },
      async editActivity(id, { note }) { if (note !== undefined) await admin.call('ir.note.write', [Number(id)], { message: note }) },
      async deleteActivity(id) { await admin.call('ir.note.delete', [Number(id)]) },
      async listActivities(contactId) {
        const on = [['resource', '=', `party.party,${contactId}`]]
        return Promise.all((await admin.call<Note[]>('ir.note.search_read', on, 0, null, [['id', 'ASC']], noteFields)).map(toSeen))
      },
    },
  }
}
