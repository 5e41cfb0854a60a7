import { createHash } from 'node:crypto'
import axios from 'axios'
import type { CrmUnderTest, SeenActivity, TestUser } from '@linefinder/conformance'
import { startAcme } from '@linefinder/example-acme-crm'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'

const client = { clientId: 'conformance', clientSecret: 'a-secret-of-the-tests', redirectUris: ['http://127.0.0.1/callback'] } as const

/** More people than one page of `listContacts`, so that there is a second one. */
const twoPages = 520

/** An Acme in memory, and its API as Ben to look behind the adapter's back. */
export async function acmeUnderTest(): Promise<CrmUnderTest> {
  const acme = await startAcme({ seedPeople: twoPages, oauthClients: [client] })
  const control = axios.create({ baseURL: `${acme.url}/_control` })
  let token = ''
  const api = axios.create({ baseURL: `${acme.url}/api/v1`, validateStatus: status => status < 300 || status === 404 })
  api.interceptors.request.use(config => {
    config.headers.set('Authorization', `Bearer ${token}`)
    return config
  })
  const lookAgain = async () => { token = (await tokensOf(acme.url, 'ben@acme.test')).accessToken }
  await lookAgain()
  const user = (email: string): TestUser => ({ connect: () => tokensOf(acme.url, email) })

  return {
    origin: acme.url,
    settings: { country: 'NL', properties: { 'Client ID': client.clientId } },
    secrets: { 'Client Secret': client.clientSecret },
    oauthClient: { id: client.clientId, secret: client.clientSecret },
    user: user('ann@acme.test'),
    secondUser: user('cho@acme.test'),
    contactLagMs: 0,
    stop: () => acme.stop(),
    probes: {
      createContact: async ({ name, phones, email }) => (await api.post('/people', { name, email, phones: phones.map(number => ({ number })) })).data.id,
      async readContact(id) {
        const { status, data } = await api.get(`/people/${id}`)
        return status === 404 ? null : { name: data.name, email: data.email, phones: data.phones.map(({ number }: { number: string }) => number) }
      },
      async renameContact(id, name) { await api.patch(`/people/${id}`, { name }) },
      async deleteContact(id) { await api.delete(`/people/${id}`) },
      async readActivity(id) {
        const { status, data } = await api.get(`/activities/${id}`)
        if (status === 404) return null
        const recordings: { name: string; size_bytes: number }[] = (await api.get(`/activities/${id}/recordings`)).data.items
        return { ...toSeen(data), recordings: recordings.map(({ name, size_bytes }) => ({ fileName: name, sizeBytes: size_bytes })) }
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

/** Acme's activity, as its API gives it. */
interface AcmeActivity {
  readonly id: string
  readonly person_id: string | null
  readonly external_id: string | null
  readonly subject: string
  readonly body: string
  readonly direction: 'inbound' | 'outbound' | null
  readonly from_number: string | null
  readonly to_number: string | null
  readonly started_at: string | null
  readonly duration_seconds: number | null
  readonly result: string | null
  readonly disposition: string | null
  readonly recording_url: string | null
  readonly fields: NonNullable<SeenActivity['fields']>
  readonly due_at: string | null
  readonly status: 'open' | 'done' | 'cancelled' | null
}

const toSeen = (activity: AcmeActivity): SeenActivity => ({
  id: activity.id, contactId: activity.person_id, externalId: activity.external_id, subject: activity.subject, note: activity.body,
  direction: activity.direction, from: activity.from_number, to: activity.to_number, startedAt: activity.started_at,
  durationSeconds: activity.duration_seconds, result: activity.result, disposition: activity.disposition, recordingUrl: activity.recording_url, fields: activity.fields, dueAt: activity.due_at,
  status: activity.status,
})

async function tokensOf(acmeUrl: string, email: string): Promise<{ accessToken: string; refreshToken: string }> {
  const verifier = 'a-verifier-that-is-long-enough-for-rfc-7636'
  const [redirectUri] = client.redirectUris
  const params = new URLSearchParams({
    response_type: 'code', client_id: client.clientId, redirect_uri: redirectUri, scope: 'crm.read crm.write offline_access', state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  })
  const back = await loginAndDecide({ authorizeUrl: `${acmeUrl}/oauth/auth?${params.toString()}`, redirectUri, email })
  const { data } = await axios.post<{ access_token: string; refresh_token: string }>(`${acmeUrl}/oauth/token`, new URLSearchParams({
    grant_type: 'authorization_code', client_id: client.clientId, redirect_uri: redirectUri,
    code: back.searchParams.get('code') ?? '', code_verifier: verifier,
  }), { auth: { username: client.clientId, password: client.clientSecret } })
  return { accessToken: data.access_token, refreshToken: data.refresh_token }
}
