import type { RequestHandler } from 'express'

export interface Counts {
  /** By method and path, ids written as `:id`. Counts what arrived, also when a switch spoiled the answer. */
  readonly requests: Readonly<Record<string, number>>
  readonly refreshes_granted: number
  readonly refreshes_refused: number
  readonly revocations: number
}

export interface Stats {
  counts(): Counts
  reset(): void
  countRequest: RequestHandler
  count(name: 'refreshes_granted' | 'refreshes_refused' | 'revocations'): void
}

export function createStats(): Stats {
  let requests: Record<string, number> = {}
  let outcomes = { refreshes_granted: 0, refreshes_refused: 0, revocations: 0 }

  return {
    counts: () => ({ requests, ...outcomes }),

    reset() {
      requests = {}
      outcomes = { refreshes_granted: 0, refreshes_refused: 0, revocations: 0 }
    },

    countRequest(request, _response, next) {
      const name = `${request.method} ${withoutIds(request.originalUrl)}`
      requests[name] = (requests[name] ?? 0) + 1
      next()
    },

    count(name) {
      outcomes[name] += 1
    },
  }
}

function withoutIds(url: string): string {
  const [path = ''] = url.split('?', 1)
  return path.replace(/^(\/api\/v1\/(?:people|companies|activities)\/)[^/]+/, '$1:id')
}
