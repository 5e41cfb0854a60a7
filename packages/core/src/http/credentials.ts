import type { InternalAxiosRequestConfig } from 'axios'
import { z } from 'zod'
import { assertNever } from '../adapter.js'
import type { AuthScheme } from '../auth.js'

/** What an adapter keeps beside them (`ConnectionState`). What it keeps was JSON when it was sealed. */
const state = z.record(z.string(), z.unknown()).optional()

/** What a connection holds, as it is sealed into its row. */
export const credentials = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('oauth2'),
    accessToken: z.string(),
    refreshToken: z.string().optional(),
    /** Milliseconds since the epoch from which it is better renewed than used. */
    renewAt: z.number().optional(),
    state,
  }),
  z.object({ type: z.literal('fields'), fields: z.record(z.string(), z.string()), state }),
  z.object({
    type: z.literal('custom'),
    fields: z.record(z.string(), z.string()),
    session: z.object({ values: z.record(z.string(), z.string()), expiresAt: z.number().optional() }),
    state,
  }),
])
export type Credentials = z.infer<typeof credentials>

/** When they should be renewed before use, in milliseconds since the epoch. */
export function renewAtOf(held: Credentials): number | undefined {
  if (held.type === 'oauth2') return held.renewAt
  return held.type === 'custom' ? held.session.expiresAt : undefined
}

/** Puts the credentials on a request, in the way the scheme says. */
export function applyCredentials(scheme: AuthScheme, held: Credentials, config: InternalAxiosRequestConfig): void {
  if (held.type === 'oauth2') {
    config.headers.set('Authorization', `Bearer ${held.accessToken}`)
    return
  }
  switch (scheme.type) {
    case 'oauth2':
      throw new Error('the installation now connects by OAuth; the connection was made in another way')
    case 'apiKey':
      for (const placement of scheme.placements) {
        if ('value' in placement) {
          if (placement.in === 'header') config.headers.set(placement.name, placement.value)
          else config.params = withParams(config, { [placement.name]: placement.value })
          continue
        }
        const value = held.fields[placement.field] ?? ''
        if (placement.in === 'header') config.headers.set(placement.name, `${placement.prefix ?? ''}${value}`)
        else if (placement.in === 'query') config.params = withParams(config, { [placement.name]: value })
        else config.headers.set('Authorization', basicHeader(value, placement.password ?? ''))
      }
      return
    case 'basic':
      config.headers.set('Authorization', basicHeader(held.fields['username'] ?? '', held.fields['password'] ?? ''))
      return
    case 'custom': {
      if (held.type !== 'custom') throw new Error('the connection has no session of the CRM’s own login')
      const { headers = {}, params = {} } = scheme.authorize(held.session as Parameters<typeof scheme.authorize>[0])
      for (const [name, value] of Object.entries(headers)) config.headers.set(name, value)
      config.params = withParams(config, params)
      return
    }
    default:
      assertNever(scheme)
  }
}

/** RFC 7617 with UTF-8. */
const basicHeader = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

function withParams(config: InternalAxiosRequestConfig, extra: Readonly<Record<string, string>>): unknown {
  if (config.params instanceof URLSearchParams) {
    const params = new URLSearchParams(config.params)
    for (const [name, value] of Object.entries(extra)) params.set(name, value)
    return params
  }
  return { ...(config.params as object | undefined), ...extra }
}
