import type { Tryton } from './start-tryton.js'

/** Tryton's own API as one user, to set things up and to look behind the adapter's back. It shares no code with the adapter. */
export interface Probe {
  /** `party.party.read` with its parameters, without the context. Fails with what Tryton says. */
  call<Result = unknown>(method: string, ...params: readonly unknown[]): Promise<Result>
  /** The notes on a party, oldest first. */
  notesOn(party: number): Promise<{ id: number; message: string; create_uid: number }[]>
  /** The attachments of a party, with their content. */
  filesOn(party: number): Promise<{ id: number; name: string; description: string; data: Buffer }[]>
  /** With contact mechanisms such as `{ type: 'phone', value: '…' }`. */
  createParty(name: string, ...mechanisms: readonly object[]): Promise<number>
}

export const annsPassword = 'zonder-Haring-7'

/** Tryton's administrator, and with it Ann, a user who is in no group. */
export async function probeWithAnn(tryton: Tryton): Promise<Probe> {
  const admin = await openProbe(tryton, 'admin', tryton.adminPassword)
  await admin.call('res.user.create', [{ name: 'Ann Bakker', login: 'ann', password: annsPassword, email: 'ann@example.com' }])
  return admin
}

export async function openProbe({ url, database }: Tryton, login: string, password: string): Promise<Probe> {
  const [userId, key] = await send<[number, string]>(`${url}/${database}/`, {}, 'common.db.login', [login, { password }])
  const headers = { Authorization: `Session ${btoa(`${login}:${String(userId)}:${key}`)}` }
  const call: Probe['call'] = (method, ...params) => send(`${url}/${database}/`, headers, `model.${method}`, [...params, {}])
  const on = (party: number) => [['resource', '=', `party.party,${String(party)}`]]
  return {
    call,
    notesOn: party => call('ir.note.search_read', on(party), 0, null, [['id', 'ASC']], ['message', 'create_uid']),
    async filesOn(party) {
      const files = await call<{ id: number; name: string; description: string; data: { base64: string } }[]>(
        'ir.attachment.search_read', on(party), 0, null, [['id', 'ASC']], ['name', 'description', 'data'])
      return files.map(({ data, ...file }) => ({ ...file, data: Buffer.from(data.base64, 'base64') }))
    },
    async createParty(name, ...mechanisms) {
      const [id] = await call<[number]>('party.party.create', [{ name, contact_mechanisms: [['create', mechanisms]] }])
      return id
    },
  }
}

async function send<Result>(url: string, headers: Record<string, string>, method: string, params: readonly unknown[]): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 0, method, params }),
  })
  if (!response.ok) throw new Error(`${method}: ${String(response.status)}`)
  const { result, error } = await response.json() as { result: Result; error?: unknown }
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
  return result
}
