import {
  activityId, apiKey, basic, contactId, CrmError, crmUserId, custom,
  type Activity, type ActivityRef, type AuthScheme, type Contact, type CrmAdapter,
} from '@linefinder/core'
import { z } from 'zod'

const me = z.object({ id: z.string(), name: z.string(), email: z.string() })
const card = z.object({ id: z.string(), name: z.string(), phones: z.array(z.string()) })
const entry = z.object({ id: z.string(), cardId: z.string(), text: z.string(), outcome: z.string().nullable() })
const toUser = ({ id, name, email }: z.infer<typeof me>) => ({ id: crmUserId.parse(id), name, email, account: { id: 'cards' } })
const toContact = ({ id, name, phones }: z.infer<typeof card>): Contact => ({ id: contactId.parse(id), name, phones: phones.map(number => ({ number })) })
const toRef = (data: unknown): ActivityRef => ({ id: activityId.parse(entry.parse(data).id) })
const pathOf = ({ id }: ActivityRef): string => `/entries/${encodeURIComponent(id)}`

export const schemes = {
  apiKey: apiKey({ fields: [{ name: 'key', label: 'Key', secret: true }], placements: [{ in: 'header', field: 'key', name: 'X-Key' }] }),
  basic: basic(),
  custom: custom({
    fields: [{ name: 'password', label: 'Password', secret: true }],
    async login({ http }, { password }) {
      const { session } = z.object({ session: z.string() }).parse((await http.post('/login', { password })).data)
      return { values: { session } }
    },
    authorize: ({ values }) => ({ headers: { 'X-Session': values['session'] ?? '' } }),
    async end({ http }, { values }) { await http.post('/logout', {}, { headers: { 'X-Session': values['session'] } }) },
  }),
} satisfies Record<string, AuthScheme>

/** An adapter that keeps a call as one text, and has what the adapters around here have not. */
export function cardAdapter(auth: AuthScheme): CrmAdapter {
  return {
    id: 'cards', name: 'Card file', contractVersion: 1, phoneSearch: 'contains', contactLagMs: 0, bodyFormat: 'plain', auth,
    getUserInfo: async ({ http }) => toUser(me.parse((await http.get('/me')).data)),
    listUsers: async ({ http }) => z.array(me).parse((await http.get('/users')).data).map(toUser),
    async findContact({ http }, { variants }) {
      const found = await Promise.all(variants.map(async phone => z.array(card).parse((await http.get('/cards', { params: { phone } })).data)))
      return [...new Map(found.flat().map(each => [each.id, toContact(each)])).values()]
    },
    createContact: async ({ http }, { name, phone }) => toContact(card.parse((await http.post('/cards', { name, phone })).data)),
    async createCallLog({ http }, log) {
      if (log.contactId === undefined) throw new CrmError('rejected', { detail: 'A call is kept on a card.' })
      return toRef((await http.post('/entries', { cardId: log.contactId, text: log.body, reference: log.externalId })).data)
    },
    async updateCallLog({ http }, ref, log, changed) {
      const changes = { ...(changed.includes('body') && { text: log.body }), ...(changed.includes('contactId') && { cardId: log.contactId }) }
      if (Object.keys(changes).length > 0) entry.parse((await http.patch(pathOf(ref), changes)).data)
    },
    async getCallLog({ http }, ref): Promise<Activity | null> {
      try {
        const { text, cardId, outcome } = entry.parse((await http.get(pathOf(ref))).data)
        return { ref, body: text, contactId: contactId.parse(cardId), disposition: outcome ?? undefined }
      } catch (error) {
        if (error instanceof CrmError && error.code === 'not_found') return null
        throw error
      }
    },
    async findCallLog({ http }, reference) {
      const [found] = z.array(entry).parse((await http.get('/entries', { params: { reference } })).data)
      return found ? toRef(found) : null
    },
    async setDisposition({ http }, ref, outcome) { entry.parse((await http.patch(pathOf(ref), { outcome })).data) },
    listDispositions: async ({ http }) => z.array(z.string()).parse((await http.get('/outcomes')).data).map(value => ({ value, label: value })),
    fields: async () => [{ name: 'urgency', label: 'Urgency', type: 'select', options: [{ value: '1', label: 'High' }] }],
    async uploadRecording({ http }, ref, { stream, contentType, fileName }) {
      await http.put(`${pathOf(ref)}/files/${encodeURIComponent(fileName)}`, stream, { headers: { 'Content-Type': contentType }, maxRedirects: 0, maxBodyLength: Infinity })
    },
    async logout() { /* There is nothing but the session, which the scheme ends. */ },
  }
}
