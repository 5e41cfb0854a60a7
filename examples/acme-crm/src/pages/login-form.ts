import { html, type Html } from './html.js'

export interface LoginForm {
  readonly action: string
  readonly csrf: string
  readonly email?: string | undefined
  readonly hasFailed?: boolean | undefined
  /** The app that waits for the visitor to sign in. */
  readonly forApp?: string | undefined
}

export function loginForm({ action, csrf, email = '', hasFailed = false, forApp }: LoginForm): Html {
  return html`<section class="card narrow">
<h1>Sign in</h1>
${forApp === undefined ? null : html`<p>to connect <strong>${forApp}</strong> with Acme CRM</p>`}
${hasFailed && html`<p class="alert" role="alert">This e-mail and password do not belong together.</p>`}
<form method="post" action="${action}" class="stack">
<input type="hidden" name="csrf" value="${csrf}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${email}" ${hasFailed ? null : html`autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required ${hasFailed && html`autofocus`}>
<button type="submit">Sign in</button>
</form>
</section>`
}
