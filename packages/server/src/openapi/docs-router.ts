import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { Router, type RequestHandler } from 'express'
import type { Services } from '../services.js'
import { createOpenApiDocument } from './document.js'
import { errorPageStyle, renderErrorPage } from './error-page.js'

const swaggerFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const swaggerFiles = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** The description of the API, for programs (`/openapi.json`) and for people (`/docs`). Nothing comes from another server. */
export function createDocsRouter({ publicUrl }: Pick<Services, 'publicUrl'>): Router {
  const router = Router({ caseSensitive: true })
  let document: Record<string, unknown> | undefined
  router.get('/openapi.json', (_request, response) => {
    document ??= createOpenApiDocument(publicUrl())
    response.json(document)
  })
  router.get('/docs', page(docsPage, () => [
    `default-src 'none'`, `script-src 'self'`, `img-src 'self' data:`,
    // Swagger UI sets the styles of some elements in their attributes.
    `style-src 'self' 'unsafe-inline'`,
    // Its requests go to the public address, which may be another than the one this page was opened at.
    `connect-src 'self' ${new URL(publicUrl()).origin}`,
  ]))
  router.get('/docs/start.js', (_request, response) => { response.type('js').send(startScript) })
  for (const file of swaggerFiles) {
    router.get(`/docs/${file}`, (_request, response) => { response.sendFile(join(swaggerFolder, file), { maxAge: '1h' }) })
  }
  router.get('/docs/errors', page(renderErrorPage(), () => [`default-src 'none'`, `style-src 'self'`, `img-src data:`]))
  router.get('/docs/errors.css', (_request, response) => { response.type('css').send(errorPageStyle) })
  return router
}

const page = (html: string, policy: () => string[]): RequestHandler => (_request, response) => {
  response.setHeader('Content-Security-Policy', [...policy(), `base-uri 'none'`, `form-action 'none'`, `frame-ancestors 'none'`].join('; '))
  response.type('html').send(html)
}

const docsPage = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Linefinder API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="docs"></div>
  <noscript>This page needs JavaScript. The same is at <a href="/openapi.json">/openapi.json</a>.</noscript>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`

const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, displayOperationId: true, docExpansion: 'list', persistAuthorization: false })
`
