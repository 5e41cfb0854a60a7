import { Router } from 'express'
import { isRedirectUri, type ClientDirectory } from '../oauth/clients.js'
import { appsPage, newAppPage } from './apps-page.js'
import { messagePage } from './layout.js'
import type { SignedIn } from './page-routes.js'

/** Where an admin registers the apps that may ask to connect. */
export function appsRoutes(clients: ClientDirectory, { userOf, show, form }: SignedIn): Router {
  const router = Router()

  router.use((request, response, next) => {
    if (userOf(request).is_admin) next()
    else response.status(403).send(messagePage('Not for you', 'Only an admin manages connected apps.'))
  })

  router.get('/', async (request, response) => {
    const apps = await clients.listRegistered()
    show(request, response, 'Connected apps', (csrf) => appsPage({ apps, csrf }))
  })

  router.post('/', ...form, async (request, response) => {
    const name = String(request.body.name ?? '').trim()
    const redirectUris = String(request.body.redirect_uris ?? '').split(/\s+/).filter((uri) => uri !== '')
    const isPublic = request.body.public === 'yes'
    const problem = problemWith(name, redirectUris)
    if (problem !== null) {
      const apps = await clients.listRegistered()
      response.status(422)
      show(request, response, 'Connected apps', (csrf) =>
        appsPage({ apps, csrf, problem, entered: { name, redirectUris, isPublic } }))
      return
    }
    const registered = await clients.register({ name, redirectUris, isPublic })
    show(request, response, 'App registered', () => newAppPage(name, registered))
  })

  return router
}

function problemWith(name: string, redirectUris: readonly string[]): string | null {
  if (name === '' || name.length > 80) return 'Give the app a name of at most 80 characters.'
  if (redirectUris.length === 0) return 'Give at least one redirect address.'
  const wrong = redirectUris.find((uri) => !isRedirectUri(uri))
  return wrong === undefined ? null : `${wrong} is not an http or https address, or has a # in it.`
}
