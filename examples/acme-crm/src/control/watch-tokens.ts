import type { RequestHandler } from 'express'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Stats } from './stats.js'

/** Counts refreshes as the authorization server itself sees them. */
export function countRefreshes(provider: Provider, stats: Stats): void {
  const isRefresh = (context: KoaContextWithOIDC) => context.oidc.params?.['grant_type'] === 'refresh_token'
  provider.on('grant.success', (context) => {
    if (isRefresh(context)) stats.count('refreshes_granted')
  })
  provider.on('grant.error', (context) => {
    if (isRefresh(context)) stats.count('refreshes_refused')
  })
}

export function countRevocations(stats: Stats): RequestHandler {
  return (_request, response, next) => {
    response.on('finish', () => {
      if (response.statusCode === 200) stats.count('revocations')
    })
    next()
  }
}
