import { Readable } from 'node:stream'
import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { CrmError } from '../errors/crm-error.js'
import { addressOf } from './address-of.js'
import type { AddressRules } from './address-rules.js'
import { toCrmError } from './crm-failure.js'

export interface HttpClientParts {
  readonly guard: AddressRules
  /** Where relative paths go, and the origin that gets the credentials. */
  readonly baseUrl: string
  /** Further ones that get them. Default none. */
  readonly credentialOrigins?: readonly string[]
  readonly requestId: string
  /** The whole operation's deadline. */
  readonly signal: AbortSignal
  /** Sent with every POST. */
  readonly idempotencyKey?: string | undefined
  /** Puts the credentials on a request and returns their version. */
  authorize?(config: InternalAxiosRequestConfig): Promise<number>
  /** Called once per request after a 401 on credentials of that version: gets newer ones, or throws. */
  renew?(refusedVersion: number): Promise<void>
}

declare module 'axios' {
  interface InternalAxiosRequestConfig {
    isRepeated?: boolean
    credentialsVersion?: number
  }
}

/** Of one answer. */
export const maxAnswerBytes = 20 * 1024 * 1024

/** The axios instance that adapters work with: every rule for talking to a CRM is in here, once. */
export function createHttp(parts: HttpClientParts): AxiosInstance {
  const { guard, signal } = parts
  const base = new URL(parts.baseUrl)
  const isTrusted = (origin: string): boolean => origin === base.origin || parts.credentialOrigins?.includes(origin) === true
  const http = axios.create({
    baseURL: parts.baseUrl,
    responseType: 'json',
    transitional: { silentJSONParsing: false, clarifyTimeoutError: true },
    maxContentLength: maxAnswerBytes,
    maxRedirects: 5,
    proxy: false,
    signal,
    headers: { 'X-Request-Id': parts.requestId, 'User-Agent': 'Linefinder', Accept: 'application/json' },
    beforeRedirect: (options: { href?: string }) => {
      const target = options.href ?? ''
      guard.check(target)
      if (new URL(target).origin !== base.origin) throw new CrmError('address_refused', { detail: 'The CRM redirects to another host.' })
    },
  })

  http.interceptors.request.use(async config => {
    const url = addressOf(config)
    guard.check(url)
    Object.assign(config, guard.agentsFor(url))
    if (parts.idempotencyKey !== undefined && config.method?.toLowerCase() === 'post') config.headers.set('Idempotency-Key', parts.idempotencyKey, false)
    // To follow a redirect, or to try again, the whole stream would have to be kept in memory.
    if (isStream(config.data)) Object.assign(config, { maxRedirects: 0, maxBodyLength: Infinity })
    if (isTrusted(new URL(url).origin) && parts.authorize) config.credentialsVersion = await parts.authorize(config)
    return config
  })

  http.interceptors.response.use(
    response => response,
    async (error: unknown) => {
      const config = axios.isAxiosError(error) ? error.config : undefined
      const isRefused = axios.isAxiosError(error) && error.response?.status === 401
      if (isRefused && config?.credentialsVersion !== undefined && !config.isRepeated && parts.renew) {
        await parts.renew(config.credentialsVersion)
        if (isStream(config.data)) throw new CrmError('unavailable', { detail: 'The credentials have been renewed.' })
        return http.request(Object.assign(config, { isRepeated: true }))
      }
      throw toCrmError(error, signal)
    },
  )
  return http
}

const isStream = (data: unknown): boolean => data instanceof Readable
