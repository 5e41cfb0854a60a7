import type { User } from '../crm/users.js'
import { html, type Html } from './html.js'

export interface PageOptions {
  readonly title: string
  readonly content: Html
  /** Absent on pages for visitors who are not signed in. */
  readonly user?: User | undefined
  readonly csrf?: string | undefined
}

export function page({ title, content, user, csrf }: PageOptions): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Acme CRM</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/acme.css">
</head>
<body${user === undefined ? html` class="visitor"` : null}>
<a class="skip" href="#content">Skip to content</a>
<header class="bar">
<a class="brand" href="/people"><span class="mark" aria-hidden="true">A</span> Acme CRM</a>
${user === undefined ? null : navigation(user, csrf ?? '')}
</header>
<main id="content">
${content}
</main>
</body>
</html>
`.toString()
}

/** Something that went wrong, told to a person. */
export function messagePage(title: string, message: string): string {
  return page({ title, content: html`<section class="card narrow"><h1>${title}</h1><p>${message}</p><p><a href="/people">To Acme CRM</a></p></section>` })
}

function navigation(user: User, csrf: string): Html {
  return html`<nav aria-label="Main">
<a href="/people">People</a>
${user.is_admin && html`<a href="/settings/apps">Connected apps</a>`}
</nav>
<form class="who" method="post" action="/logout">
<input type="hidden" name="csrf" value="${csrf}">
<span>${user.name}</span>
<button class="quiet" type="submit">Sign out</button>
</form>`
}
