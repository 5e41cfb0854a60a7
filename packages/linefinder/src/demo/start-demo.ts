import { authorizeUrl, createVerifier } from '@linefinder/client'
import { codePageRedirect } from '@linefinder/core/api'
import type { Config } from '../config.js'
import { manifestUrlOf } from '../server-options.js'
import { stopOnSignal } from '../stop-on-signal.js'
import { openDemo } from './demo.js'

/** Runs until told to stop, and says what to do first. */
export async function startDemo(config: Config, acmePort: number): Promise<void> {
  const demo = await openDemo({ ...config, LOG_LEVEL: process.env['LOG_LEVEL'] ? config.LOG_LEVEL : 'warn' }, acmePort)
  stopOnSignal(() => demo.stop())
  const { codeVerifier, codeChallenge } = await createVerifier()
  const connect = authorizeUrl(demo.url, {
    client_id: demo.clientId, installation: demo.installation, redirect_uri: codePageRedirect,
    code_challenge: codeChallenge, code_challenge_method: 'S256', state: 'demo',
  })
  console.log(`
Linefinder   ${demo.url}/docs
Acme CRM     ${demo.acme.url}/people/p_1001   (sign in: ann@acme.test, password acme)

Your first call, from a number that Acme stores as (0413) 741-741:

1. Open this, sign in, allow, and copy the code that you are shown:

   ${connect}

2. Paste these three commands, with that code in the first:

   TOKEN=$(curl -s ${demo.url}/v1/sessions -H 'Content-Type: application/json' -d '{"client_id":"${demo.clientId}","redirect_uri":"${codePageRedirect}","code_verifier":"${codeVerifier}","code":"PUT-THE-CODE-HERE"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')

   curl -s "${demo.url}/v1/contacts?phone=%2B31413741741" -H "Authorization: Bearer $TOKEN"

   curl -s -X PUT ${demo.url}/v1/call-logs/my-first-call -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{"direction":"inbound","from":{"number":"+31413741741"},"to":{"number":"+31201234567"},"startedAt":"${new Date().toISOString()}","durationSeconds":42,"result":"answered","contactId":"p_1001","note":"Wants a quote."}'

3. Look at Jan de Vries in Acme again: the call is there.

RingCentral’s App Connect extension works too: give it ${manifestUrlOf({ ...config, LINEFINDER_APP_CONNECT: 'on' }, demo.url) ?? ''} as its manifest.

The admin key is in ${config.LINEFINDER_DATA_DIR}/demo-admin-key. Stop with Ctrl+C; everything is kept in ${config.LINEFINDER_DATA_DIR}/.
`)
}
