import * as z from 'zod'
import { endpoint } from './endpoint.js'

const linkInPath = z.object({ link: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
const linkErrors = ['reconnect_link_invalid', 'installation_disabled', 'host_not_allowed', 'properties_missing'] as const

/** Credentials that the CRM no longer takes, renewed by the person whom they are for. */
export const reconnecting = {
  createLink: endpoint({
    method: 'POST', path: '/v1/connections/{id}/reconnect-link', tag: 'Session', access: 'owner',
    summary: 'Make a link by which a connection is renewed',
    description: 'Whoever opens it signs in at the CRM, as the very CRM user that the connection is for. It renews once, within 24 hours.',
    params: z.object({ id: z.uuid() }),
    output: z.object({ url: z.string(), expiresAt: z.iso.datetime() }), statuses: [201],
    errors: ['not_found', 'installation_disabled', 'host_not_allowed', 'properties_missing'],
  }),
  open: endpoint({
    method: 'GET', path: '/v1/reconnect/{link}', tag: 'Connecting', access: 'public', isBrowserPage: true,
    summary: 'Where a reconnect link leads: on to the CRM, or to a form for its fields',
    params: linkInPath, output: null, statuses: [200, 302], errors: linkErrors,
  }),
  submit: endpoint({
    method: 'POST', path: '/v1/reconnect/{link}', tag: 'Connecting', access: 'public', isBrowserPage: true, format: 'form',
    summary: 'The filled-in form of a reconnect link',
    params: linkInPath,
    body: z.object({ form_token: z.string().max(100) }).catchall(z.string().max(4000))
      .meta({ description: 'Each field of the auth form under its name after `field.`.' }),
    output: null, statuses: [200], errors: [...linkErrors, 'oauth_state_invalid', 'wrong_auth_form', 'login_refused', 'other_crm_user', 'too_many_requests', 'crm_unreachable', 'crm_timeout'],
  }),
}
