import { activityId, apiKey, contactId, crmUserId, defineAdapter, type CallLog, type Contact } from '@linefinder/core'
import { digitsOf } from '@linefinder/core/phone'
import * as z from 'zod'

const person = z.object({
  id: z.string(),
  name: z.string(),
  company: z.string().nullable(),
  email: z.string(),
  phones: z.array(z.object({ number: z.string(), label: z.string() })),
  createdAt: z.string(),
})
const user = z.object({ id: z.string(), account: z.string() })
const activity = z.object({ id: z.string() })
const foundActivity = z.object({ id: z.string().nullable() })
const people = z.object({ items: z.array(person), deleted: z.array(z.string()), next_cursor: z.string().nullable() })

const pageSize = 1000

const make = defineAdapter((_: Record<string, never>) => ({
  id: 'bench',
  name: 'Generated CRM',
  contractVersion: 1,
  // One spelling a search, so that the CRM's counter counts lookups.
  phoneSearch: 'lastDigits',
  auth: apiKey({
    fields: [{ name: 'key', label: 'API key', secret: true }],
    placements: [{ in: 'header', field: 'key', name: 'X-Api-Key' }],
  }),

  async getUserInfo({ http }) {
    const { id, account } = user.parse((await http.get('/me')).data)
    return { id: crmUserId.parse(id), name: id, account: { id: account } }
  },

  async findContact({ http }, { variants }) {
    const pages = await Promise.all(variants.map(async variant =>
      people.parse((await http.get('/contacts', { params: { phone: digitsOf(variant) } })).data)))
    return pages.flatMap(({ items }) => items).map(toContact)
  },

  async listContacts({ http }, since, cursor) {
    const params = { limit: pageSize, ...(since === null ? {} : { since }), ...(cursor === null ? {} : { cursor }) }
    const page = people.parse((await http.get('/contacts', { params })).data)
    return { contacts: page.items.map(toContact), deleted: page.deleted.map(id => contactId.parse(id)), nextCursor: page.next_cursor }
  },

  async createContact({ http }, { name, phone, phoneLabel = 'work' }) {
    return toContact(person.parse((await http.post('/contacts', { name, phones: [{ number: phone, label: phoneLabel }] })).data))
  },

  async createCallLog({ http }, log) {
    return { id: activityId.parse(activity.parse((await http.post('/activities', activityOf(log), { params: { external_id: log.externalId } })).data).id) }
  },

  async updateCallLog({ http }, ref, log) {
    await http.patch(`/activities/${ref.id}`, { note: log.note, body: log.body })
  },

  async findCallLog({ http }, externalId) {
    const { id } = foundActivity.parse((await http.get('/activities', { params: { external_id: externalId } })).data)
    return id === null ? null : { id: activityId.parse(id) }
  },

  async logout() { /* A key has no session to end. */ },
}))

/** What the peer's connector tells the same CRM of a call (`peer/connector.cjs`). */
const activityOf = ({ contactId, subject, direction, startedAt, durationSeconds, note, body }: CallLog) => ({ contactId, subject, direction, startedAt, duration: durationSeconds, note, body })

export default make({})

const toContact = ({ id, company, ...rest }: z.infer<typeof person>): Contact =>
  ({ ...rest, id: contactId.parse(id), ...(company === null ? {} : { companyName: company }) })
