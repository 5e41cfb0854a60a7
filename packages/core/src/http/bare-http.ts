import { setMaxListeners } from 'node:events'
import axios, { type AxiosInstance } from 'axios'
import { CrmError } from '../errors/crm-error.js'
import { addressOf } from './address-of.js'
import type { AddressRules } from './address-rules.js'
import { maxAnswerBytes } from './http-client.js'

export interface BareHttpParts {
  readonly guard: AddressRules
  readonly requestId: string
  readonly signal: AbortSignal
}

/** For adapters that put credentials on by themselves: every rule but those about credentials, and failures as axios says them. */
export function createBareHttp({ guard, requestId, signal }: BareHttpParts): AxiosInstance {
  // Code of others may ask for much at once.
  setMaxListeners(0, signal)
  const http = axios.create({
    maxContentLength: maxAnswerBytes,
    maxRedirects: 5,
    proxy: false,
    signal,
    transitional: { clarifyTimeoutError: true },
    headers: { 'X-Request-Id': requestId, 'User-Agent': 'Linefinder' },
  })
  http.interceptors.request.use(config => {
    const url = guard.resolve(addressOf(config), '')
    guard.check(url)
    const { origin } = new URL(url)
    // The whole address is in `url` by now.
    delete config.baseURL
    delete config.params
    return Object.assign(config, guard.agentsFor(url), {
      url,
      beforeRedirect: (options: { href?: string }) => {
        const target = options.href ?? ''
        guard.check(target)
        if (new URL(target).origin !== origin) throw new CrmError('address_refused', { detail: 'The CRM redirects to another host.' })
      },
    })
  })
  return http
}
