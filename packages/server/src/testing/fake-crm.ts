import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import { basic, contact, CrmError, custom, oauth2, apiKey, type AuthScheme, type CrmAdapter } from '@linefinder/core'
import { codeChallengeOf } from '../secrets/token.js'

interface Activity {
  id: string
  externalId: string
  user: string
  note?: string | undefined
  subject?: string | undefined
  contactId?: string | undefined
  body?: string | undefined
}

/** As it was told. */
export interface FakeRecord extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly externalId: string
}

type Fault = 'none' | 'error' | 'rate_limited' | 'garbage' | 'hang' | 'reset' | 'reset_after_commit'

/**
 * A CRM over real HTTP for the server's own tests: OAuth 2.0 without a login page, a few records, faults on demand, and
 * everything it was asked, counted.
 */
export class FakeCrm {
  readonly activities: Activity[] = []
  readonly messageLogs: FakeRecord[] = []
  readonly tasks: FakeRecord[] = []
  readonly contacts: z.infer<typeof contact>[] = []
  readonly recordings: { activity: string; name: string; type: string; bytes: number }[] = []
  /** Of the recordings that are being sent, so far. */
  recordingBytes = 0
  readonly counts = { token: 0, refresh: 0, revoke: 0, people: 0, activities: 0, updates: 0, me: 0, logins: 0, logouts: 0 }
  readonly requestIds: string[] = []
  /** What the list of contacts was asked for. */
  readonly listed: { since: string | null; cursor: string | null }[] = []
  /** Ids that the next list names as deleted. */
  readonly deleted: string[] = []
  /** Contacts that neither list nor search shows yet. */
  readonly unindexed = new Set<string>()
  /** Contacts made from now on are of that kind. */
  isIndexLate = false
  pageSize = 2
  pageFault: 'none' | 'repeats' | 'malformed' | 'rate_limited' | 'hang' = 'none'
  /** Applies to every API request while set. A gate is waited for once the request's id is among `requestIds`. */
  fault: Fault = 'none'
  gate: Promise<unknown> | null = null
  latencyMs = 0
  /** Whatever the credentials, also when they have just been renewed. */
  refusesEverything = false
  tokenFault: Fault = 'none'
  /** `null`: the CRM reports no account. */
  accountId: string | null = 'account-1'
  /** Who the next authorisation or API key is for. */
  user = { id: 'u1', name: 'Ann Agent', email: 'ann@example.test' }
  expiresIn = 3600
  rotates = true

  readonly #accessTokens = new Map<string, string>()
  readonly #refreshTokens = new Map<string, string>()
  readonly #codes = new Map<string, { user: string; challenge: string | undefined }>()
  readonly #users = new Map<string, FakeCrm['user']>()
  readonly #server: Server
  readonly #hanging: Response[] = []
  /** Ids of activities and records are not used again, also when a test has taken one away. */
  #lastId = 1000

  private constructor() {
    const app = express()
    app.use(express.json({ limit: '10mb' }), express.urlencoded({ extended: false }))
    this.#oauth(app)
    this.#api(app)
    this.#server = createServer(app)
  }

  static async start(): Promise<FakeCrm> {
    const crm = new FakeCrm()
    await new Promise<void>(resolve => { crm.#server.listen(0, '127.0.0.1', resolve) })
    return crm
  }

  get host(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`
  }

  get origin(): string {
    return `http://${this.host}`
  }

  /** Cuts off what has been left without an answer. */
  hangUp(): void {
    for (const response of this.#hanging.splice(0)) response.destroy()
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>(resolve => { this.#server.close(() => { resolve() }) })
  }

  expireAccessTokens(): void {
    this.#accessTokens.clear()
  }

  revokeGrants(): void {
    this.#accessTokens.clear()
    this.#refreshTokens.clear()
  }

  /** What the agent's browser does at the CRM: says yes (or no) and is sent back. Returns the address it is sent to. */
  authorize(authorizeUrl: string, answer: 'allow' | 'deny' = 'allow'): string {
    const query = new URL(authorizeUrl).searchParams
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('state', query.get('state') ?? '')
    if (answer === 'deny') {
      back.searchParams.set('error', 'access_denied')
      return back.href
    }
    const code = randomUUID()
    this.#users.set(this.user.id, this.user)
    this.#codes.set(code, { user: this.user.id, challenge: query.get('code_challenge') ?? undefined })
    back.searchParams.set('code', code)
    return back.href
  }

  #oauth(app: express.Express): void {
    app.get('/oauth/authorize', (request, response) => {
      response.redirect(this.authorize(`${this.origin}${request.url}`))
    })
    app.post('/oauth/token', this.#faulty(() => this.tokenFault), (request, response) => {
      this.counts.token += 1
      const { grant_type: grant, code = '', code_verifier: verifier = '', refresh_token: refreshToken = '' } = request.body as Record<string, string>
      if (!isClient(request)) {
        response.status(401).json({ error: 'invalid_client' })
        return
      }
      if (grant === 'authorization_code') {
        const known = this.#codes.get(code)
        this.#codes.delete(code)
        const isVerified = known?.challenge === undefined || codeChallengeOf(verifier) === known.challenge
        this.#grant(response, isVerified ? known?.user : undefined)
      } else {
        this.counts.refresh += 1
        const user = this.#refreshTokens.get(refreshToken)
        if (this.rotates) this.#refreshTokens.delete(refreshToken)
        this.#grant(response, user)
      }
    })
    app.post('/oauth/revoke', (request, response) => {
      if (isClient(request)) this.counts.revoke += 1
      this.#refreshTokens.delete((request.body as Record<string, string>)['token'] ?? '')
      response.status(200).end()
    })
  }

  #grant(response: Response, user: string | undefined): void {
    if (user === undefined) {
      response.status(400).json({ error: 'invalid_grant' })
      return
    }
    const [access, refresh] = [`at-${randomUUID()}`, `rt-${randomUUID()}`]
    this.#accessTokens.set(access, user)
    this.#refreshTokens.set(refresh, user)
    response.json({ access_token: access, refresh_token: refresh, expires_in: this.expiresIn, token_type: 'Bearer' })
  }

  #api(app: express.Express): void {
    app.post('/login', (request, response) => {
      this.counts.logins += 1
      const { password } = request.body as Record<string, string>
      if (password !== 'right') {
        response.status(401).end()
        return
      }
      const session = `session-${randomUUID()}`
      this.#users.set(this.user.id, this.user)
      this.#accessTokens.set(session, this.user.id)
      response.json({ session })
    })
    app.post('/logout', (_request, response) => {
      this.counts.logouts += 1
      response.status(204).end()
    })
    app.use(this.#faulty(() => this.fault), this.#authorized)
    app.get('/me', (_request, response) => {
      this.counts.me += 1
      const user = this.#users.get(String(response.locals['user'])) ?? this.user
      response.json({ ...user, ...(this.accountId === null ? {} : { account: { id: this.accountId, name: 'Account' } }) })
    })
    app.get('/people', (request, response) => {
      this.counts.people += 1
      const { digits, name } = request.query as Record<string, string>
      response.json(this.contacts.filter(({ id }) => !this.unindexed.has(id)).filter(person => digits === undefined
        ? person.name.toLowerCase().includes((name ?? '').toLowerCase())
        : person.phones.some(({ number }) => number.replace(/\D/g, '') === digits)))
    })
    app.get('/contacts', (request, response) => {
      const { since = null, cursor = null } = request.query as Record<string, string | undefined>
      this.listed.push({ since, cursor })
      const start = Number(cursor ?? 0)
      const fault = start === 0 ? 'none' : this.pageFault
      if (fault === 'hang') return
      if (fault === 'rate_limited') {
        response.status(429).set('Retry-After', '70').end()
        return
      }
      const shown = this.contacts.filter(({ id }) => !this.unindexed.has(id))
      const contacts = shown.slice(start, start + this.pageSize)
      const next = start + this.pageSize < shown.length ? start + this.pageSize : null
      response.json({
        contacts: fault === 'malformed' ? [{ id: 7 }] : contacts,
        ...(since === null ? {} : { deleted: this.deleted }),
        nextCursor: fault === 'repeats' ? cursor : next === null ? null : String(next),
      })
    })
    app.post('/people/:id/numbers', (request, response) => {
      const person = this.contacts.find(({ id }) => id === request.params.id)
      if (person) person.phones.push(contact.shape.phones.element.parse(request.body))
      response.status(person ? 200 : 404).json(person ?? {})
    })
    app.post('/people', (request, response) => {
      const { name, phone } = request.body as Record<string, string>
      const person = contact.parse({ id: `c${String(this.contacts.length + 1)}`, name, phones: [{ number: phone }] })
      this.contacts.push(person)
      if (this.isIndexLate) this.unindexed.add(person.id)
      if (this.fault === 'reset_after_commit') response.destroy()
      else response.status(201).json(person)
    })
    app.get('/activities', (request, response) => {
      response.json(this.activities.filter(({ externalId }) => externalId === request.query['external_id']))
    })
    app.post('/activities', (request, response) => {
      this.counts.activities += 1
      const { externalId, note, subject, contactId, body } = request.body as Record<string, string>
      const activity = { id: `a${String(this.#lastId += 1)}`, externalId: externalId ?? '', user: String(response.locals['user']), note, subject, contactId, body }
      this.activities.push(activity)
      if (this.fault === 'reset_after_commit') response.destroy()
      else response.status(201).json(activity)
    })
    app.get('/activities/:id', (request, response) => {
      const activity = this.activities.find(({ id }) => id === request.params.id)
      response.status(activity ? 200 : 404).json(activity ?? {})
    })
    app.put('/activities/:id/recordings/:name', async (request, response) => {
      const { id, name } = request.params
      let bytes = 0
      // Raw, and the chunks are of no other kind.
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length
        this.recordingBytes += chunk.length
      }
      this.recordings.push({ activity: id, name, type: request.get('content-type') ?? '', bytes })
      response.status(204).end()
    })
    app.patch('/activities/:id', (request, response) => {
      this.counts.updates += 1
      const activity = this.activities.find(({ id }) => id === request.params.id)
      if (activity) Object.assign(activity, request.body)
      response.status(activity ? 200 : 404).json(activity ?? {})
    })
    this.#records(app, '/message-logs', this.messageLogs)
    this.#records(app, '/tasks', this.tasks)
  }

  #records(app: express.Express, path: string, records: FakeRecord[]): void {
    app.get(path, (request, response) => {
      response.json(records.filter(({ externalId }) => externalId === request.query['external_id']))
    })
    app.post(path, (request, response) => {
      const record = { ...request.body as FakeRecord, id: `${path.slice(1, 2)}${String(this.#lastId += 1)}` }
      records.push(record)
      if (this.fault === 'reset_after_commit') response.destroy()
      else response.status(201).json(record)
    })
    app.patch(`${path}/:id`, (request, response) => {
      const record = records.find(({ id }) => id === request.params['id'])
      if (record) Object.assign(record, request.body)
      response.status(record ? 200 : 404).json(record ?? {})
    })
  }

  readonly #authorized: RequestHandler = (request, response, next) => {
    this.requestIds.push(request.get('x-request-id') ?? '')
    const token = (request.headers.authorization ?? '').replace('Bearer ', '')
    const isKnown = request.get('x-api-key') === 'good-key' || request.headers.authorization === `Basic ${Buffer.from('ann:pässword').toString('base64')}`
    const user = isKnown ? this.user.id : this.#accessTokens.get(token)
    if (user === undefined || this.refusesEverything) response.status(401).end()
    else {
      response.locals['user'] = user
      void (this.gate ?? Promise.resolve()).then(() => { next() })
    }
  }

  #faulty(faultNow: () => Fault): RequestHandler {
    return (_request, response, next) => {
      const fault = faultNow()
      if (fault === 'error') response.status(500).end('oops')
      else if (fault === 'rate_limited') response.status(429).set('Retry-After', '7').end()
      else if (fault === 'garbage') response.type('json').end('{"id": ')
      else if (fault === 'reset') response.destroy()
      else if (fault === 'hang') this.#hanging.push(response)
      else if (this.latencyMs > 0) setTimeout(next, this.latencyMs)
      else next()
    }
  }
}

const schemes = {
  oauth2: oauth2({
    authorizeUrl: 'https://{hostname}/oauth/authorize', tokenUrl: 'https://{hostname}/oauth/token', revokeUrl: 'https://{hostname}/oauth/revoke',
    scopes: ['read', 'write'],
  }),
  apiKey: apiKey({ fields: [{ name: 'key', label: 'API key', secret: true }], placements: [{ in: 'header', field: 'key', name: 'X-Api-Key' }] }),
  basic: basic(),
  custom: custom({
    fields: [{ name: 'username', label: 'User' }, { name: 'password', label: 'Password', secret: true, pattern: '.{3,}' }],
    async login({ http }, fields) {
      const { data } = await http.post<{ session: string }>('/login', fields)
      return { values: { session: data.session } }
    },
    authorize: ({ values }) => ({ headers: { Authorization: `Bearer ${values['session'] ?? ''}` } }),
    async end({ http }) { await http.post('/logout') },
  }),
} satisfies Record<string, AuthScheme>

const isClient = ({ headers }: Request): boolean => headers.authorization === `Basic ${Buffer.from('client:s%3Acret').toString('base64')}`
const answer = z.object({ id: z.string() }).loose()

/** The adapter for `FakeCrm`, connecting in the way asked for. Its id is `fake-` and the scheme's type. */
export const fakeAdapter = (type: keyof typeof schemes = 'oauth2', changes: Partial<CrmAdapter> = {}): CrmAdapter => ({
  id: `fake-${type.toLowerCase()}`,
  name: 'Fake CRM',
  contractVersion: 1,
  auth: schemes[type],
  phoneSearch: 'digits',
  async getUserInfo({ http }) {
    return (await http.get<never>('/me')).data
  },
  async findContact({ http }, { variants }) {
    for (const digits of variants) {
      const { data } = await http.get<never[]>('/people', { params: { digits } })
      if (data.length > 0) return data
    }
    return []
  },
  async searchContacts({ http }, name) {
    return (await http.get<never[]>('/people', { params: { name } })).data
  },
  async listContacts({ http }, since, cursor) {
    return (await http.get<never>('/contacts', { params: { since, cursor } })).data
  },
  async addContactNumber({ http }, id, phone) {
    return (await http.post<never>(`/people/${id}/numbers`, phone)).data
  },
  async createContact({ http }, input) {
    return (await http.post<never>('/people', input)).data
  },
  async createCallLog({ http }, log) {
    const { id } = answer.parse((await http.post('/activities', log)).data)
    return { id } as never
  },
  async updateCallLog({ http }, ref, log, changed) {
    await http.patch(`/activities/${ref.id}`, Object.fromEntries(changed.map(name => [name, log[name]])))
  },
  async findCallLog({ http }, externalId) {
    const { data } = await http.get<{ id: string }[]>('/activities', { params: { external_id: externalId } })
    return data[0] ? { id: data[0].id } as never : null
  },
  async logout() { /* the scheme ends it */ },
  contactUrl: ({ hostname }, id) => `https://${hostname}/people/${id}`,
  activityUrl: ({ hostname }, { id }) => `https://${hostname}/activities/${id}`,
  ...changes,
})

/** For a test that needs an adapter to fail in an odd way. */
export const refuse = (): never => { throw new CrmError('unsupported') }
