import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loginAndDecide } from '@linefinder/example-acme-crm/scripted-browser'
import { createClient, createVerifier, authorizeUrl, LinefinderError } from '@linefinder/client'
import type { Config } from '../config.js'
import { demoRedirect, openDemo, type Demo } from '../demo/demo.js'
import { probeClient, readActivitiesInAcme } from './acme-probe.js'
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
    options.acmePort ?? await findFreePort(), [probeClient],
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
    params, query, waitSeconds: 10,
    body: {
      direction: 'inbound', from: { number: '+31413741741', name: caller.name }, to: { number: '+31201234567', extension: '204' },
      startedAt: '2026-03-02T09:15:00+01:00', endedAt: '2026-03-02T09:17:05+01:00', durationSeconds: 118, result: 'answered', contactId: caller.id,
    },
  })

  narrator.step('Add a note later')
  const note = 'Wants a quote for the new roof by Friday.'
  const log = await linefinder.callLogs.patch({ params, query, body: { note }, waitSeconds: 10 })

  narrator.step('What Acme’s own API shows of it, to a colleague of Ann’s')
  const activities = await readActivitiesInAcme(demo.acme.url, caller.id)
  for (const activity of activities) narrator.say(JSON.stringify(activity))
  if (activities.length !== 1 || activities[0]?.body !== note || log.status !== 'delivered') throw new Error('Acme does not show one activity with the note')
  narrator.say('Exactly one activity, with the note.')

  narrator.step('Log out: the connection is revoked at Acme, and the session with it')
  await linefinder.me.endConnection({})
  const refused = await linefinder.me.get({}).catch((error: unknown) => error)
  if (!(refused instanceof LinefinderError) || refused.status !== 401) throw new Error('the session still works')
  narrator.step('That was the tour.')
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that has just begun to listen on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}
