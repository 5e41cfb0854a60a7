import { factsOf, problemCodes, type ProblemCode } from '@linefinder/core'
import { escapeHtml } from '../http/browser-page.js'

/** The page that every problem document's `type` points to: one row per code, with the code as anchor. */
export const renderErrorPage = (): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Linefinder: error codes</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/errors.css">
</head>
<body>
  <h1>Error codes</h1>
  <p>A failure is a problem document (RFC 9457). Its <code>code</code> is one of these and stays the same between versions: switch on it, never
    on a sentence. Codes with <code>crm_</code> tell what the CRM did.</p>
  <table>
    <thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th><th>Try the same again?</th></tr></thead>
    <tbody>
${problemCodes.map(row).join('\n')}
    </tbody>
  </table>
  <p><a href="/docs">All endpoints</a></p>
</body>
</html>
`

function row(code: ProblemCode): string {
  const { status, title, advice, retryable } = factsOf(code)
  const cells = [`<a href="#${code}"><code>${code}</code></a>`, String(status), escapeHtml(title), escapeHtml(advice), retryable ? 'yes, later' : 'no']
  return `      <tr id="${code}">${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`
}

export const errorPageStyle = `
:root { color-scheme: light dark }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText }
table { border-collapse: collapse; width: 100% }
th, td { padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); text-align: left; vertical-align: top }
tr:target { background: color-mix(in srgb, Highlight 25%, Canvas) }
code { white-space: nowrap }
`
