import request from 'supertest'
import type { SessionToken } from '@linefinder/core/api'
import { codeChallengeOf } from '../secrets/token.js'
import type { FakeCrm } from './fake-crm.js'
import type { TestServer } from './test-server.js'

export const codeVerifier = 'a-verifier-of-the-client-app-0123456789-ABCDEF'

/** The agent's browser with its cookies, and what a client app does before and after. */
export class OAuthBrowser {
  readonly #agent: ReturnType<typeof request.agent>

  constructor(private readonly test: TestServer, private readonly crm: FakeCrm) {
    this.#agent = request.agent(test.url)
  }

  /** Opens the address that a client app makes. */
  start(installation: string, changes: Record<string, string> = {}) {
    return this.#agent.get('/v1/authorize').query({
      client_id: this.test.clientId, installation, redirect_uri: this.test.redirectUri,
      code_challenge: codeChallengeOf(codeVerifier), code_challenge_method: 'S256', state: 'client-state', ...changes,
    })
  }

  /** Goes to the CRM, answers there, and resolves to the path that the CRM sends the browser back to. */
  async answer(installation: string, answer: 'allow' | 'deny' = 'allow', changes: Record<string, string> = {}): Promise<string> {
    const { headers } = await this.start(installation, changes).expect(302)
    return pathOf(this.crm.authorize(headers['location']!, answer))
  }

  open(path: string) {
    return this.#agent.get(path)
  }

  /** The whole way, as it goes when all goes well. */
  async connect(installation: string, changes: Record<string, string> = {}): Promise<SessionToken> {
    const { headers } = await this.open(await this.answer(installation, 'allow', changes)).expect(302)
    const code = new URL(headers['location']!).searchParams.get('code') ?? ''
    const { body } = await this.trade(code).expect(201)
    return body as SessionToken
  }

  trade(code: string, changes: Record<string, string> = {}) {
    return request(this.test.url).post('/v1/sessions')
      .send({ client_id: this.test.clientId, code, code_verifier: codeVerifier, redirect_uri: this.test.redirectUri, ...changes })
  }
}

export const pathOf = (url: string): string => url.replace(new URL(url).origin, '')
