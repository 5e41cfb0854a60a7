import type { Router } from 'express'
import type { Endpoint } from '@linefinder/core/api'
import { ApiError } from './api-error.js'
import { expressPathOf } from './route.js'

/** Answers, on each known path, the methods that no endpoint has there. Mount it behind the endpoints. */
export function mountAllowedMethods(router: Router, endpoints: readonly Endpoint[]): void {
  for (const path of new Set(endpoints.map(expressPathOf))) {
    const methods = endpoints.filter(endpoint => expressPathOf(endpoint) === path).map(({ method }) => method)
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    router.all(path, (request, response) => {
      response.setHeader('Allow', allow)
      if (request.method !== 'OPTIONS') throw new ApiError('method_not_allowed')
      response.status(204).end()
    })
  }
}
