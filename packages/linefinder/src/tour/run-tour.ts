import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBrowser, loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { createClient, createVerifier, authorizeUrl, LinefinderError } from '@linefinder/client'
import type { Config } from '../config.js'
import { demoRedirect, openDemo, type Demo } from '../demo/demo.js'
import { Narrator } from './narrator.js'

export interface TourOptions {
  /** Default: a free port. */
  readonly acmePort?: number
  readonly print?: (line: string) => void
}

/** One call from beginning to end over real HTTP. Throws when a step does not go as told. */
export async function runTour(config: Config, options: TourOptions = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linefinder-tour-'))
  const demo = await openDemo(
    { ...config, PORT: 0, HOST: '127.0.0.1', PUBLIC_URL: undefined, LOG_LEVEL: 'warn', LINEFINDER_DATA_DIR: folder },
    options.acmePort ?? await findFreePort(),
  )
  try {
    await tell(demo, new Narrator(options.print ?? console.log))
  } finally {
    await demo.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function tell(demo: Demo, narrator: Narrator): Promise<void> {
  narrator.step('Connect by OAuth: Ann signs in at Acme and allows it')
  const { codeVerifier, codeChallenge } = await createVerifier()
  const authorize = authorizeUrl(demo.url, {
    client_id: demo.clientId, installation: demo.installation, redirect_uri: demoRedirect,
    code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'tour',
  })
  narrator.browser(authorize)
  const back = await loginAndDecide({ authorizeUrl: authorize, redirectUri: demoRedirect })
  narrator.browser(back.href.replace(/code=[^&]+/, 'code=…'))

  const anonymous = createClient({ baseUrl: demo.url, fetch: narrator.fetch })
  const session = await anonymous.connecting.createSession({
    body: { client_id: demo.clientId, redirect_uri: demoRedirect, code: back.searchParams.get('code') ?? '', code_verifier: codeVerifier },
  })
  const linefinder = createClient({ baseUrl: demo.url, token: session.token, fetch: narrator.fetch })

  narrator.step('Who am I?')
  await linefinder.me.get({})

  narrator.step('The phone rings: +31413741741. Acme stores that number as (0413) 741-741, and searches digits literally')
  const { contacts: [caller] } = await linefinder.contacts.find({ query: { phone: '+31413741741' } })
  if (caller?.name !== 'Jan de Vries') throw new Error('the caller was not recognised')

  narrator.step('The call is over: log it on the caller’s record')
  const params = { callId: 'tour-call-1' }
  const query = {}
  await linefinder.callLogs.put({
    params, query,
    body: {
      direction: 'inbound', from: { number: '+31413741741', name: caller.name }, to: { number: '+31201234567', extension: '204' },
      startedAt: '2026-03-02T09:15:00+01:00', endedAt: '2026-03-02T09:17:05+01:00', durationSeconds: 118, result: 'answered', contactId: caller.id,
    },
  })

  narrator.step('Add a note later')
  const log = await linefinder.callLogs.patch({ params, query, body: { note: 'Wants a quote for the new roof by Friday.' } })

  narrator.step('What Acme itself shows of it')
  const activities = await activitiesInAcme(demo, caller.id)
  const logged = activities.filter(activity => activity.includes('Wants a quote for the new roof by Friday.'))
  for (const activity of logged) narrator.say(activity)
  if (logged.length !== 1 || log.status !== 'delivered') throw new Error(`Acme shows ${String(logged.length)} activities with the note`)
  narrator.say(`Exactly one activity. Its record: ${caller.url ?? ''}`)

  narrator.step('Log out: the connection is revoked at Acme, and the session with it')
  await linefinder.me.endConnection({})
  const refused = await linefinder.me.get({}).catch((error: unknown) => error)
  if (!(refused instanceof LinefinderError) || refused.status !== 401) throw new Error('the session still works')
  narrator.step('That was the tour.')
}

/** Reads the person's page as Ben, a colleague of Ann's who is signed in to Acme itself. */
async function activitiesInAcme({ acme }: Demo, personId: string): Promise<string[]> {
  const browser = createBrowser()
  await browser.submit(await browser.open(`${acme.url}/login`), { email: 'ben@acme.test', password: 'acme' })
  const { body } = await browser.open(`${acme.url}/people/${personId}`)
  const [, timeline = ''] = /<ol class="timeline"[^>]*>([^]*?)<\/ol>/.exec(body) ?? []
  return timeline.split('</li>').map(item => item.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim()).filter(text => text !== '')
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that has just begun to listen on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}
