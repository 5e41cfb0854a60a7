import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'

export interface Page {
  readonly status: number
  readonly title: string
  /** Whether the page has a form that is sent back to us. Default false. */
  readonly hasForm?: boolean
  /** HTML of the page's body below its title. */
  body(parts: PageParts): string
}

export interface PageParts {
  /** For text inside an element or a quoted attribute. */
  escape(text: string): string
  /** A script of our own, the only kind that the page's policy lets run. */
  script(code: string): string
}

/** The headers of everything that a person's browser is sent while connecting: its addresses hold one-time secrets. */
export function prepareForBrowser(response: Response): void {
  response.locals['isForBrowser'] = true
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cache-Control', 'no-store')
}

/**
 * Lets the page at the end of the redirects speak to the window that opened it. Without this its `window.opener` is null: a
 * policy on a redirect cuts the opener too, and a redirect has no document to protect.
 */
export const keepOpener = (response: Response): void => { response.setHeader('Cross-Origin-Opener-Policy', 'unsafe-none') }

/** Whether a failure is shown as a page. A program that asks for JSON gets its problem document. */
export const isForBrowser = (request: Request, response: Response): boolean =>
  response.locals['isForBrowser'] === true && request.accepts(['html', 'json']) !== 'json'

/** Sends a page that loads nothing and cannot be framed. */
export function sendPage(response: Response, { status, title, hasForm = false, body }: Page): void {
  const nonce = randomBytes(16).toString('base64')
  response.setHeader('Content-Security-Policy', [
    `default-src 'none'`, `style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`, `base-uri 'none'`, `form-action ${hasForm ? `'self'` : `'none'`}`, `frame-ancestors 'none'`,
  ].join('; '))
  response.status(status).type('html').send(`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <style nonce="${nonce}">${style}</style>
</head>
<body>
  <main>
    <h1>${escapeHtml(title)}</h1>
    ${body({ escape: escapeHtml, script: code => `<script nonce="${nonce}">${code}</script>` })}
  </main>
</body>
</html>
`)
}

/** JSON as a literal inside a script element: no text in it can end the element. */
export const scriptLiteral = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

const style = `
  :root { color-scheme: light dark }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText }
  main { max-width: 30rem; margin: 1rem; padding: 2rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: .75rem }
  h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25 }
  p { margin: .5rem 0; overflow-wrap: anywhere }
  p:empty { display: none }
  .small { margin-top: 1.5rem; font-size: .85rem; opacity: .75 }
  .code { display: flex; gap: .5rem; margin-top: 1rem }
  .code input { flex: 1; min-width: 0; padding: .5rem; font: .9rem ui-monospace, monospace }
  button { padding: .5rem 1rem; font: inherit; cursor: pointer }
  form label { display: block; margin-top: 1rem }
  form input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit }
  form button { margin-top: 1.5rem }
`
