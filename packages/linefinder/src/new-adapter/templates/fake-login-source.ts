import type { AdapterPlan } from '../adapter-plan.js'
import type { AuthShape } from '../api-shape.js'
import { quoted } from '../source-text.js'

/** `src/testing/fake-login.ts`: how people get into the fake CRM. The same interface for every scheme. */
export function fakeLoginSource({ shape }: AdapterPlan): string {
  switch (shape.auth.kind) {
    case 'oauth2': return oauthSource(shape.auth)
    case 'apiKey': return secretsSource(keyHolder(shape.auth), '{ key: secret }')
    case 'basic': return secretsSource(`  const [, password = ''] = Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString().split(':')
  return password`, '{ username: person, password: secret }')
    case 'custom': return sessionsSource(shape.basePath)
  }
}

function keyHolder({ in: place, name, prefix }: Extract<AuthShape, { kind: 'apiKey' }>): string {
  if (place === 'query') return `  return new URL(request.url ?? '/', 'http://crm').searchParams.get(${quoted(name)}) ?? ''`
  const header = `String(request.headers[${quoted(name.toLowerCase())}])`
  return `  return ${prefix === null ? header : `${header}.replace(${quoted(prefix)}, '')`}`
}

const secretsSource = (holder: string, fields: string): string => `import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Connected } from '@linefinder/conformance'
import { Refused, type Route } from './fake-server.js'

export type Person = 'ann' | 'ben'

/** Who may get in, and how. */
export class FakeLogin {
  readonly routes: readonly Route[] = []
  #secrets = newSecrets()

  /** Throws \`Refused\` when nobody does. */
  whoAsks(request: IncomingMessage): Person {
    const person = this.#secrets.get(secretOf(request))
    if (!person) throw new Refused(401)
    return person
  }

  async connect(person: Person): Promise<Connected> {
    const [secret = ''] = [...this.#secrets].find(([, each]) => each === person) ?? []
    return { fields: ${fields} }
  }

  /** Whoever is connected has to connect anew. */
  revokeAccess(): void {
    this.#secrets = newSecrets()
  }
}

const newSecrets = () => new Map<string, Person>([[\`secret-\${randomUUID()}\`, 'ann'], [\`secret-\${randomUUID()}\`, 'ben']])

function secretOf(request: IncomingMessage): string {
${holder}
}
`

const sessionsSource = (basePath: string): string => `import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Connected } from '@linefinder/conformance'
import { Refused, route, type Asked, type Route } from './fake-server.js'

export type Person = 'ann' | 'ben'

/** Who may get in, and how. */
export class FakeLogin {
  readonly routes: readonly Route[] = [
    route('POST', '${basePath}/login', ({ body }) => this.#logIn(body)),
    route('POST', '${basePath}/logout', ({ request }) => {
      this.#sessions.delete(String(request.headers['x-session']))
    }),
  ]
  readonly #sessions = new Map<string, Person>()
  #passwords = newPasswords()

  /** Throws \`Refused\` when nobody does. */
  whoAsks(request: IncomingMessage): Person {
    const person = this.#sessions.get(String(request.headers['x-session']))
    if (!person) throw new Refused(401)
    return person
  }

  async connect(person: Person): Promise<Connected> {
    return { fields: { username: person, password: this.#passwords[person] } }
  }

  /** Sessions end; the passwords stay good. */
  expireTokens(): void {
    this.#sessions.clear()
  }

  /** Whoever is connected has to connect anew. */
  revokeAccess(): void {
    this.#sessions.clear()
    this.#passwords = newPasswords()
  }

  #logIn({ username, password }: Asked['body']): { session: string } {
    const person = username === 'ann' || username === 'ben' ? username : undefined
    if (!person || password !== this.#passwords[person]) throw new Refused(401)
    const session = \`session-\${randomUUID()}\`
    this.#sessions.set(session, person)
    return { session }
  }
}

const newPasswords = (): Record<Person, string> => ({ ann: \`password-\${randomUUID()}\`, ben: \`password-\${randomUUID()}\` })
`

const pathIn = (address: string): string => new URL(address.replace('{hostname}', 'crm.invalid')).pathname

const oauthSource = (auth: Extract<AuthShape, { kind: 'oauth2' }>): string => `import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Connected } from '@linefinder/conformance'
import { Refused, route, type Asked, type Route } from './fake-server.js'

export type Person = 'ann' | 'ben'

export const client = { id: 'linefinder', secret: 'a-secret-of-the-fake' }

/** Who may get in, and how: OAuth 2.0 with refresh tokens that change. Ann allows everything at once. */
export class FakeLogin {
  readonly routes: readonly Route[] = [
    route('GET', ${quoted(pathIn(auth.authorizeUrl))}, ({ query }) => this.#authorize(query)),
    route('POST', ${quoted(pathIn(auth.tokenUrl))}, ({ body }) => this.#token(body)),${auth.revokeUrl === null ? '' : `
    route('POST', ${quoted(pathIn(auth.revokeUrl))}, ({ body }) => { this.#revoke(String(body['token'])) }),`}
  ]
  readonly #codes = new Map<string, Person>()
  readonly #accessTokens = new Map<string, Grant>()
  readonly #refreshTokens = new Map<string, Grant>()

  /** Throws \`Refused\` when nobody does. */
  whoAsks(request: IncomingMessage): Person {
    const grant = this.#accessTokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
    if (!grant?.isGood) throw new Refused(401)
    return grant.person
  }

  async connect(person: Person): Promise<Connected> {
    const { access_token: accessToken, refresh_token: refreshToken } = this.#tokensOf({ person, isGood: true })
    return { accessToken, refreshToken }
  }

  /** Access tokens end; refresh tokens stay good. */
  expireTokens(): void {
    this.#accessTokens.clear()
  }

  /** Whoever is connected has to connect anew. */
  revokeAccess(): void {
    this.#accessTokens.clear()
    this.#refreshTokens.clear()
  }

  #authorize(query: URLSearchParams): never {
    const redirect = query.get('redirect_uri')
    if (redirect === null) throw new Refused(400)
    const code = randomUUID()
    this.#codes.set(code, 'ann')
    const target = new URL(redirect)
    target.searchParams.set('code', code)
    target.searchParams.set('state', query.get('state') ?? '')
    throw new Refused(302, { Location: target.href })
  }

  /** RFC 6749 §4.1.3 and §6. */
  #token(body: Asked['body']): Tokens {
    const code = String(body['code'])
    const person = this.#codes.get(code)
    const old = this.#refreshTokens.get(String(body['refresh_token']))
    this.#codes.delete(code)
    if (body['grant_type'] === 'authorization_code' && person) return this.#tokensOf({ person, isGood: true })
    if (body['grant_type'] !== 'refresh_token' || !old?.isGood) throw new Refused(401)
    this.#refreshTokens.delete(String(body['refresh_token']))
    return this.#tokensOf(old)
  }
${auth.revokeUrl === null ? '' : `
  #revoke(token: string): void {
    const grant = this.#refreshTokens.get(token) ?? this.#accessTokens.get(token)
    if (grant) grant.isGood = false
  }
`}
  #tokensOf(grant: Grant): Tokens {
    const tokens = { access_token: \`access-\${randomUUID()}\`, refresh_token: \`refresh-\${randomUUID()}\`, token_type: 'Bearer', expires_in: 3600 }
    this.#accessTokens.set(tokens.access_token, grant)
    this.#refreshTokens.set(tokens.refresh_token, grant)
    return tokens
  }
}

interface Grant {
  readonly person: Person
  isGood: boolean
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
`
