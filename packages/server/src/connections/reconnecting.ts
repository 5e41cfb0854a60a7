import type { Request, Response } from 'express'
import type { Field } from '@linefinder/core'
import type { CallOptions } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller, SessionCaller } from '../http/caller.js'
import type { OAuthFlow } from '../oauth/oauth-flow.js'
import { hashToken } from '../secrets/token.js'
import { AuditTrail } from '../tenants/audit-trail.js'
import type { ConnectionService } from './connection-service.js'
import { isFormOf, setFormCookie } from './form-cookie.js'
import { findReconnectLink, insertReconnectLink, type ReconnectLink } from './reconnect-link-statements.js'
import { fieldPrefix, sendReconnectForm, sendReconnectedPage } from './reconnect-page.js'

/** Leads the person whose credentials the CRM no longer takes back to it, by a link that anybody can hand them. */
export class Reconnecting {
  readonly #audit: AuditTrail

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'models' | 'installations' | 'publicUrl'>,
    private readonly connections: ConnectionService,
    private readonly oauth: OAuthFlow,
  ) {
    this.#audit = new AuditTrail(deps)
  }

  /** Throws `not_found`, `installation_disabled` or `host_not_allowed`. */
  async createLink(by: AdminCaller | SessionCaller, connectionId: string): Promise<{ url: string; expiresAt: string }> {
    const { database, models, installations } = this.deps
    const connection = await models.connections.findOne({ where: { tenantId: by.tenantId, id: connectionId } })
    if (!connection) throw new ApiError('not_found', { detail: 'The tenant has no such connection.' })
    await installations.choose(by.tenantId, connection.installationId, connection.hostname)
    return database.transaction(async () => {
      const { link, expiresAt } = await insertReconnectLink(database, by.tenantId, connectionId)
      await this.#audit.note(by, 'reconnect_link.created', `connection:${connectionId}`)
      return { url: this.#urlOf(link), expiresAt: expiresAt.toISOString() }
    })
  }

  /** Sends the browser to the CRM, or the form. Looking uses nothing up: mail filters look, too. Throws `reconnect_link_invalid`. */
  async open(link: string, request: Request, response: Response): Promise<void> {
    const { found, chosen } = await this.#find(link)
    if (chosen.scheme.type === 'oauth2') await this.oauth.start(chosen, { kind: found.kind, client: null, reconnectLinkHash: found.linkHash }, request, response)
    else this.#sendForm(link, found, chosen.scheme.fields, null, request, response)
  }

  /** Shows the form again when it is the person who can mend it. Throws `oauth_state_invalid` for a form of another browser, `wrong_auth_form`, or `CrmError`. */
  async submit(link: string, { form_token: formToken, ...body }: { form_token: string; [name: string]: string }, request: Request, response: Response, options: CallOptions): Promise<void> {
    const { found, chosen } = await this.#find(link)
    if (!isFormOf(request, formToken)) throw new ApiError('oauth_state_invalid', { detail: 'The form was sent from another browser, or left open for too long.' })
    if (chosen.scheme.type === 'oauth2') throw new ApiError('wrong_auth_form')
    const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name.replace(fieldPrefix, ''), value]))
    try {
      await this.connections.reconnectByFields(found, chosen, fields, options)
    } catch (error) {
      if (!(error instanceof ApiError) || !mendable.has(error.code)) throw error
      options.log.info({ code: error.code }, 'connecting again was refused')
      this.#sendForm(link, found, chosen.scheme.fields, error, request, response)
      return
    }
    sendReconnectedPage(response)
  }

  async #find(link: string) {
    const found = await findReconnectLink(this.deps.database, hashToken(link))
    if (!found) throw new ApiError('reconnect_link_invalid', { detail: 'It has been used, or 24 hours have passed.' })
    return { found, chosen: await this.deps.installations.choose(found.tenantId, found.installationId, found.hostname) }
  }

  #sendForm(link: string, { hostname, crmUser }: ReconnectLink, fields: readonly Field[], problem: ApiError | null, request: Request, response: Response): void {
    const formToken = setFormCookie(request, response, this.#urlOf(link))
    sendReconnectForm(response, { host: hostname, userName: crmUser.name, fields, formToken, problem })
  }

  #urlOf(link: string): string {
    return `${this.deps.publicUrl()}/v1/reconnect/${link}`
  }
}

const mendable: ReadonlySet<string> = new Set(['invalid_fields', 'login_refused', 'other_crm_user'])
