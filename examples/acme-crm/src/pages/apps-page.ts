import type { NewClient, RegisteredClient } from '../oauth/clients.js'
import { html, type Html } from './html.js'

export interface AppsPage {
  readonly apps: readonly RegisteredClient[]
  readonly csrf: string
  readonly problem?: string
  /** What the admin typed, shown again beside the problem. */
  readonly entered?: NewClient
}

export function appsPage({ apps, csrf, problem, entered }: AppsPage): Html {
  return html`<div class="head"><h1>Connected apps</h1></div>
<div class="columns even">
<section class="card" aria-labelledby="new-app"><h2 id="new-app">Register an app</h2>
${problem === undefined ? null : html`<p class="alert" role="alert">${problem}</p>`}
<form method="post" action="/settings/apps" class="stack">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">Name</label>
<input id="name" name="name" required maxlength="80" value="${entered?.name ?? ''}">
<label for="redirect_uris">Redirect addresses, one on a line</label>
<textarea id="redirect_uris" name="redirect_uris" rows="3" required placeholder="https://app.example/oauth/callback">${entered?.redirectUris.join('\n')}</textarea>
<label class="check"><input type="checkbox" name="public" value="yes"${entered?.isPublic === true && html` checked`}> It cannot keep a secret (a browser or mobile app)</label>
<button type="submit">Register</button>
</form></section>
<section class="card" aria-labelledby="apps"><h2 id="apps">Registered</h2>
${apps.length === 0 && html`<p class="empty">No app yet.</p>`}
${apps.map((app) => html`<article class="note"><p><strong>${app.name}</strong>${app.is_public && html` <span class="tag plain">no secret</span>`}</p>
<p class="id">${app.client_id}</p>
<p class="small">${app.redirect_uris.join(', ')}</p></article>`)}
</section>
</div>`
}

export function newAppPage(name: string, { clientId, clientSecret }: { clientId: string; clientSecret: string | null }): Html {
  return html`<section class="card narrow"><h1>${name} is registered</h1>
${clientSecret === null ? null : html`<p class="alert">Copy the client secret now. Acme does not show it again.</p>`}
<dl>
<div><dt>client id</dt><dd class="id" id="client-id">${clientId}</dd></div>
${clientSecret === null ? null : html`<div><dt>client secret</dt><dd class="id" id="client-secret">${clientSecret}</dd></div>`}
</dl>
<p><a href="/settings/apps">Back to connected apps</a></p></section>`
}
