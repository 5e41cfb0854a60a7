/** What happens to a request instead of, or after, its way to the CRM. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The CRM's own answer, later. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'hang' }
  /** The line is cut and the CRM hears nothing. */
  | { readonly kind: 'resetBeforeCommit' }
  /** The CRM does the work, then the line is cut. */
  | { readonly kind: 'resetAfterCommit' }
  /** The first half of the CRM's answer. */
  | { readonly kind: 'truncated' }
  /** 200, JSON, and a body that is none. */
  | { readonly kind: 'malformed' }
  /** 200 and a web page. */
  | { readonly kind: 'html' }
  | { readonly kind: 'redirect'; readonly to: string }

export const unauthorized: Fault = { kind: 'status', status: 401 }
export const rateLimited = (retryAfter?: string): Fault =>
  ({ kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } }) })

/** Which requests a fault is for. Default all of them, from the first one on, until it is taken away. */
export interface FaultScope {
  readonly method?: string
  /** The path begins with it. */
  readonly path?: string
  readonly times?: number
  /** So many matching requests go through first. */
  readonly after?: number
}

/** Faults that are waiting for their requests, first given first taken. */
export class FaultList {
  #waiting: { readonly fault: Fault; readonly scope: FaultScope; seen: number }[] = []

  inject(fault: Fault, scope: FaultScope): void {
    this.#waiting.push({ fault, scope, seen: 0 })
  }

  clear(): void {
    this.#waiting = []
  }

  take(method: string, url: string): Fault | null {
    for (const waiting of this.#waiting) {
      const { fault, scope: { method: only, path = '/', times = Infinity, after = 0 } } = waiting
      if ((only !== undefined && only !== method) || !url.startsWith(path)) continue
      waiting.seen += 1
      if (waiting.seen > after && waiting.seen <= after + times) return fault
    }
    return null
  }
}
