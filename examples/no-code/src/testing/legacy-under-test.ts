import axios from 'axios'
import type { CrmUnderTest, SeenActivity } from '@linefinder/conformance'
import { startAcmeLegacy } from '@linefinder/example-acme-legacy-crm'

interface Written {
  readonly no: number
  readonly customerId: number
  readonly date: string
  readonly text: string
}

/** An Acme Legacy in memory, with its switches to look behind the adapter's back. */
export async function legacyUnderTest(): Promise<CrmUnderTest> {
  const crm = await startAcmeLegacy()
  const control = axios.create({ baseURL: `${crm.url}/_control` })
  const written = async () => (await control.get<Written[]>('/activities')).data
  const change = async (id: string, changes: object) => (await control.patch<{ name: string; phones: string[]; email: string }>(`/customers/${id}`, changes)).data

  return {
    origin: crm.url,
    user: { connect: async () => ({ fields: { API_key: 'legacy-key-ann' } }) },
    secondUser: { connect: async () => ({ fields: { API_key: 'legacy-key-ben' } }) },
    stop: () => crm.stop(),
    probes: {
      // It has one format, and takes no other.
      async createContact({ name, phones }) {
        const { data: [customer] } = await control.post<{ id: number }[]>('/customers', [{ name, phones: phones.map(number => number.replace('+3120', '020/')) }])
        return String(customer?.id)
      },
      async readContact(id) {
        const { name, phones, email } = await change(id, {})
        return { name, phones, email }
      },
      async renameContact(id, name) { await change(id, { name }) },
      async deleteContact(id) { await change(id, { isActive: false }) },
      async readActivity(id) {
        const activity = (await written()).find(({ no }) => String(no) === id)
        return activity ? toSeen(activity) : null
      },
      listActivities: async contactId => (await written()).filter(({ customerId }) => String(customerId) === contactId).map(toSeen),
    },
  }
}

/** The CRM keeps one text: a line for the subject, the note, and our id in brackets. */
function toSeen({ no, customerId, date, text }: Written): SeenActivity {
  const [, subject = '', note = '', externalId = null] = /^(.*)\n([^]*)\n\[([^\]]+)\]$/.exec(text) ?? []
  return { id: String(no), contactId: String(customerId), externalId, subject, note, startedAt: instantOf(date) }
}

/** `24.11.2026 15:04` by the clocks of Amsterdam; of the hour that comes twice the first. */
function instantOf(date: string): string {
  const [, day, month, year, time] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d)$/.exec(date) ?? []
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' })
  const readings = ['+02:00', '+01:00'].map(offset => `${year ?? ''}-${month ?? ''}-${day ?? ''}T${time ?? ''}:00${offset}`)
  return readings.find(reading => shown.format(new Date(reading)) === time) ?? date
}
