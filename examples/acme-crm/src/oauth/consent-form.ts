import type { User } from '../crm/users.js'
import { html, type Html } from '../pages/html.js'

export interface ConsentForm {
  readonly action: string
  readonly csrf: string
  readonly appName: string
  readonly wishes: readonly string[]
  readonly user: User
  readonly redirectHost: string
}

export function consentForm({ action, csrf, appName, wishes, user, redirectHost }: ConsentForm): Html {
  return html`<section class="card narrow">
<h1>${appName} wants to use your Acme CRM</h1>
<p>Signed in as <strong>${user.name}</strong> (${user.email}).</p>
<p>If you allow it, ${appName} can:</p>
<ul class="wishes">${wishes.map((wish) => html`<li>${wish}</li>`)}</ul>
<form method="post" action="${action}" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<button type="submit" name="decision" value="allow">Allow</button>
<button class="quiet" type="submit" name="decision" value="deny">Deny</button>
</form>
<p class="small">You then go back to ${redirectHost}.</p>
</section>`
}
