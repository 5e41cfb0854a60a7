import { Router, urlencoded, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { findUserByPassword, type User } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import type { ClientDirectory } from '../oauth/clients.js'
import type { CsrfGuard } from './csrf.js'
import type { Html } from './html.js'
import { messagePage, page } from './layout.js'
import { loginForm } from './login-form.js'
import { appsRoutes } from './apps-routes.js'
import { peoplePageRoutes } from './people-page-routes.js'
import { recordingPageRoutes } from './recording-page-routes.js'
import { stylesheet } from './stylesheet.js'
import type { WebSessions } from './web-session.js'

export interface PageRoutesOptions {
  readonly database: Database
  readonly clients: ClientDirectory
  readonly sessions: WebSessions
  readonly csrf: CsrfGuard
  readonly log: (line: string) => void
}

/** What the pages for signed-in users share. */
export interface SignedIn {
  userOf(request: Request): User
  show(request: Request, response: Response, title: string, content: (csrf: string) => Html): void
  /** Parses a form and makes sure that it is ours. */
  readonly form: readonly RequestHandler[]
}

export function pageRoutes({ database, clients, sessions, csrf, log }: PageRoutesOptions): Router {
  const router = Router()
  const form = [urlencoded({ extended: false }), csrf.check]
  const users = new WeakMap<Request, User>()

  const signedIn: SignedIn = {
    form,
    userOf(request) {
      const user = users.get(request)
      if (user === undefined) throw new Error('This page is not behind a sign-in')
      return user
    },
    show(request, response, title, content) {
      const token = csrf.tokenFor(request, response)
      response.send(page({ title, content: content(token), user: signedIn.userOf(request), csrf: token }))
    },
  }

  router.get('/assets/acme.css', (_request, response) => {
    response.type('css').set('Cache-Control', 'max-age=300').send(stylesheet)
  })

  router.get('/login', (request, response) => {
    const content = loginForm({ action: loginAction(request), csrf: csrf.tokenFor(request, response) })
    response.send(page({ title: 'Sign in', content }))
  })

  router.post('/login', ...form, async (request, response) => {
    const email = String(request.body.email)
    const user = await findUserByPassword(database, email, String(request.body.password))
    if (user === null) {
      const token = csrf.tokenFor(request, response)
      const content = loginForm({ action: loginAction(request), csrf: token, email, hasFailed: true })
      response.status(401).send(page({ title: 'Sign in', content }))
      return
    }
    await sessions.end(request, response)
    await sessions.begin(response, user)
    response.redirect(303, nextPage(request))
  })

  router.post('/logout', ...form, async (request, response) => {
    await sessions.end(request, response)
    response.redirect(303, '/login')
  })

  router.use(async (request, response, next) => {
    const user = await sessions.findUser(request)
    if (user === null) {
      response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`)
      return
    }
    users.set(request, user)
    next()
  })

  router.get('/', (_request, response) => {
    response.redirect(303, '/people')
  })

  router.use('/people', peoplePageRoutes(database, signedIn))
  router.use('/recordings', recordingPageRoutes(database))
  router.use('/settings/apps', appsRoutes(clients, signedIn))

  router.use((_request, response) => {
    response.status(404).send(messagePage('Not found', 'There is no such page.'))
  })
  router.use(answerErrors(log))
  return router
}

function loginAction(request: Request): string {
  return `/login?next=${encodeURIComponent(nextPage(request))}`
}

/** Only ever a page of ours: `//elsewhere.example` and `/\\elsewhere.example` begin with a slash too. */
function nextPage(request: Request): string {
  const next = request.query['next']
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/people'
}

function answerErrors(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    log(`A page failed: ${error instanceof Error ? error.stack : String(error)}`)
    if (response.headersSent) next(error)
    else response.status(500).send(messagePage('Something went wrong', 'Please try once more.'))
  }
}
