import { createHash } from 'node:crypto'
import axios from 'axios'
import { startAcme } from '@linefinder/example-acme-crm'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { startAcmeLegacy } from '@linefinder/example-acme-legacy-crm'

export const client = { clientId: 'conformance', redirectUris: ['http://127.0.0.1/callback'] }

/** An Acme in memory, and its API as Ben to look behind the connector's back. */
export async function acmeUnderTest() {
  const acme = await startAcme({ seedPeople: 5, oauthClients: [client] })
  const control = axios.create({ baseURL: `${acme.url}/_control` })
  let token = ''
  const api = axios.create({ baseURL: `${acme.url}/api/v1`, validateStatus: status => status < 300 || status === 404 })
  api.interceptors.request.use(config => {
    config.headers.set('Authorization', `Bearer ${token}`)
    return config
  })
  const lookAgain = async () => { token = (await tokensOf(acme.url, 'ben@acme.test')).accessToken }
  await lookAgain()
  const user = email => ({ connect: () => tokensOf(acme.url, email) })

  return {
    origin: acme.url,
    settings: { country: 'NL', properties: { ACME_CLIENT_ID: client.clientId } },
    oauthClient: { id: client.clientId, secret: null },
    user: user('ann@acme.test'),
    secondUser: user('cho@acme.test'),
    contactLagMs: 0,
    stop: () => acme.stop(),
    probes: {
      createContact: async ({ name, phones, email }) => (await api.post('/people', { name, email, phones: phones.map(number => ({ number })) })).data.id,
      async readContact(id) {
        const { status, data } = await api.get(`/people/${id}`)
        return status === 404 ? null : { name: data.name, email: data.email, phones: data.phones.map(({ number }) => number) }
      },
      async renameContact(id, name) { await api.patch(`/people/${id}`, { name }) },
      async deleteContact(id) { await api.delete(`/people/${id}`) },
      listUsers: async () => (await api.get('/users', { params: { limit: 500 } })).data.items,
      async readActivity(id) {
        const { status, data } = await api.get(`/activities/${id}`)
        return status === 404 ? null : toSeen(data)
      },
      async editActivity(id, { subject, note }) { await api.patch(`/activities/${id}`, { subject, body: note }) },
      async deleteActivity(id) { await api.delete(`/activities/${id}`) },
      listActivities: async contactId => (await api.get('/activities', { params: { person_id: contactId, limit: 500 } })).data.items.map(toSeen),
      async expireTokens() {
        await control.post('/expire-access-tokens')
        await lookAgain()
      },
      async revokeAccess() {
        await control.post('/revoke-grants')
        await lookAgain()
      },
    },
  }
}

const toSeen = activity => ({
  id: activity.id, contactId: activity.person_id, externalId: activity.external_id, subject: activity.subject, note: activity.body,
  direction: activity.direction, from: activity.from_number, to: activity.to_number, startedAt: activity.started_at,
  durationSeconds: activity.duration_seconds, result: activity.result, disposition: activity.disposition, recordingUrl: activity.recording_url, fields: activity.fields, userId: activity.user_id,
})

export async function tokensOf(acmeUrl, email) {
  const verifier = 'a-verifier-that-is-long-enough-for-rfc-7636'
  const [redirectUri] = client.redirectUris
  const params = new URLSearchParams({
    response_type: 'code', client_id: client.clientId, redirect_uri: redirectUri, scope: 'crm.read crm.write offline_access', state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `${acmeUrl}/oauth/auth?${params.toString()}`, redirectUri, email })
  const { data } = await axios.post(`${acmeUrl}/oauth/token`, new URLSearchParams({
    grant_type: 'authorization_code', client_id: client.clientId, redirect_uri: redirectUri, code: back.searchParams.get('code') ?? '', code_verifier: verifier,
  }))
  return { accessToken: data.access_token, refreshToken: data.refresh_token }
}

/** An Acme Legacy in memory, with its switches to look behind the connector's back. */
export async function legacyUnderTest() {
  const crm = await startAcmeLegacy()
  const control = axios.create({ baseURL: `${crm.url}/_control` })
  const written = async () => (await control.get('/activities')).data
  const change = async (id, changes) => (await control.patch(`/customers/${id}`, changes)).data
  return {
    origin: crm.url,
    user: { connect: async () => ({ fields: { apiKey: 'legacy-key-ann' } }) },
    secondUser: { connect: async () => ({ fields: { apiKey: 'legacy-key-ben' } }) },
    stop: () => crm.stop(),
    probes: {
      async createContact({ name, phones }) {
        const { data: [customer] } = await control.post('/customers', [{ name, phones: phones.map(number => number.replace('+3120', '020/')) }])
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
        return activity ? toSeenEntry(activity) : null
      },
      listActivities: async contactId => (await written()).filter(({ customerId }) => String(customerId) === contactId).map(toSeenEntry),
    },
  }
}

const toSeenEntry = ({ no, customerId, date, text }) =>
  ({ id: String(no), contactId: String(customerId), externalId: /\[([^\]]+)\]$/.exec(text)?.[1] ?? null, note: text, startedAt: instantOf(date) })

/** `24.11.2026 15:04` by the clocks of Amsterdam; of the hour that comes twice the first. */
function instantOf(date) {
  const [, day, month, year, time] = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d)$/.exec(date) ?? []
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' })
  const readings = ['+02:00', '+01:00'].map(offset => `${year ?? ''}-${month ?? ''}-${day ?? ''}T${time ?? ''}:00${offset}`)
  return readings.find(reading => shown.format(new Date(reading)) === time) ?? date
}
