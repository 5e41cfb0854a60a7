import type { Response } from 'express'
import { scriptLiteral, sendPage } from '../http/browser-page.js'
import type { ClientAnswer, ClientLanding } from './oauth-flow.js'

/**
 * For clients that cannot take a redirect: shows the answer and hands it to the window that opened this one, if that is a
 * page of the client app. Browsers deliver it to the named origins only.
 */
export function sendCodePage(response: Response, { answer, status }: ClientLanding, webOrigins: readonly string[]): void {
  sendPage(response, {
    status,
    title: 'code' in answer ? 'Connected' : 'Not connected',
    body: ({ escape, script }) => 'code' in answer
      ? `
        <p>Your phone goes on by itself. If it asks for a code, this is it. It is good for one minute.</p>
        <div class="code"><input id="code" readonly aria-label="Code" value="${escape(answer.code)}"><button id="copy" type="button">Copy</button></div>
        ${script(handOver(answer, webOrigins) + copyButton)}`
      : `
        <p>${escape(answer.error_description)}</p>
        <p>Close this window and try again.</p>
        ${script(handOver(answer, webOrigins))}`,
  })
}

export function sendSharedReadyPage(response: Response): void {
  sendPage(response, {
    status: 200,
    title: 'Shared connection is ready',
    body: () => '<p>The tenant is connected to its CRM. You can close this window.</p>',
  })
}

const handOver = (answer: ClientAnswer, webOrigins: readonly string[]): string => `
  for (const origin of ${scriptLiteral(webOrigins)}) {
    window.opener?.postMessage(${scriptLiteral({ source: 'linefinder', ...answer })}, origin)
  }`

const copyButton = `
  const [code, copy] = [document.getElementById('code'), document.getElementById('copy')]
  copy.addEventListener('click', async () => {
    code.select()
    await navigator.clipboard.writeText(code.value)
    copy.textContent = 'Copied'
  })`
