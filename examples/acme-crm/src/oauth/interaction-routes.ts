import { Router, urlencoded, type Request, type Response } from 'express'
import type { Provider } from 'oidc-provider'
import { findUser, findUserByPassword, type User } from '../crm/users.js'
import type { Database } from '../database/open-database.js'
import type { CsrfGuard } from '../pages/csrf.js'
import { messagePage, page } from '../pages/layout.js'
import { loginForm } from '../pages/login-form.js'
import type { WebSessions } from '../pages/web-session.js'
import { scopes } from './authorization-server.js'
import { consentForm } from './consent-form.js'

export interface InteractionOptions {
  readonly database: Database
  readonly provider: Provider
  readonly sessions: WebSessions
  readonly csrf: CsrfGuard
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** Where a user signs in and allows or denies, mounted at `/interaction`. */
export function interactionRoutes({ database, provider, sessions, csrf }: InteractionOptions): Router {
  const router = Router()
  const action = (request: Request) => `/interaction/${String(request.params['uid'])}`

  const showLogin = async (request: Request, response: Response, interaction: Interaction, failedEmail?: string) => {
    const app = await provider.Client.find(String(interaction.params['client_id']))
    response.status(failedEmail === undefined ? 200 : 401).send(page({
      title: 'Sign in',
      content: loginForm({
        action: action(request), csrf: csrf.tokenFor(request, response), forApp: app?.clientName,
        email: failedEmail, hasFailed: failedEmail !== undefined,
      }),
    }))
  }

  const showConsent = async (request: Request, response: Response, interaction: Interaction) => {
    const app = await provider.Client.find(String(interaction.params['client_id']))
    const user = await getUser(database, interaction)
    response.send(page({
      title: 'Connect an app',
      content: consentForm({
        action: action(request), csrf: csrf.tokenFor(request, response), user,
        appName: app?.clientName ?? 'An app',
        wishes: requestedScopes(interaction).map((scope) => scopes[scope]),
        redirectHost: new URL(String(interaction.params['redirect_uri'])).host,
      }),
    }))
  }

  const finishLogin = async (request: Request, response: Response, user: User) => {
    await provider.interactionFinished(request, response, { login: { accountId: user.id } })
  }

  router.get('/:uid', async (request, response) => {
    const interaction = await findInteraction(provider, request, response)
    if (interaction === null) return
    if (interaction.prompt.name === 'consent') {
      await showConsent(request, response, interaction)
      return
    }
    const user = await sessions.findUser(request)
    if (user === null) await showLogin(request, response, interaction)
    else await finishLogin(request, response, user)
  })

  router.post('/:uid', urlencoded({ extended: false }), csrf.check, async (request, response) => {
    const interaction = await findInteraction(provider, request, response)
    if (interaction === null) return
    if (interaction.prompt.name === 'login') {
      const email = String(request.body.email)
      const user = await findUserByPassword(database, email, String(request.body.password))
      if (user === null) {
        await showLogin(request, response, interaction, email)
        return
      }
      await sessions.begin(response, user)
      await finishLogin(request, response, user)
      return
    }
    if (request.body.decision !== 'allow') {
      await provider.interactionFinished(request, response, {
        error: 'access_denied', error_description: 'The user denied the request',
      })
      return
    }
    const grantId = await createGrant(provider, interaction)
    await provider.interactionFinished(request, response, { consent: { grantId } })
  })

  return router
}

/** null when it has run out or belongs to another browser; the visitor has then been told so. */
async function findInteraction(provider: Provider, request: Request, response: Response): Promise<Interaction | null> {
  try {
    const interaction = await provider.interactionDetails(request, response)
    if (interaction.uid === request.params['uid']) return interaction
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SessionNotFound') throw error
  }
  response.status(400).send(messagePage('This page has run out', 'Go back to the app and connect once more.'))
  return null
}

function requestedScopes(interaction: Interaction): (keyof typeof scopes)[] {
  const requested = new Set(String(interaction.params['scope'] ?? '').split(' '))
  return (['crm.read', 'crm.write', 'offline_access'] as const).filter((scope) => requested.has(scope))
}

async function getUser(database: Database, interaction: Interaction): Promise<User> {
  const user = await findUser(database, interaction.session?.accountId ?? '')
  if (user === null) throw new Error('The consent page was reached by nobody')
  return user
}

/** A grant for each consent, so that ending one connection leaves another of the same user alone. */
async function createGrant(provider: Provider, interaction: Interaction): Promise<string> {
  const grant = new provider.Grant({
    accountId: interaction.session?.accountId,
    clientId: String(interaction.params['client_id']),
  })
  grant.addOIDCScope(requestedScopes(interaction))
  return grant.save()
}
