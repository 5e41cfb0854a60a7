import type { api, BodyInputOf, Endpoint, OutputOf, ParamsInputOf, QueryInputOf } from '@linefinder/core/api'

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** With an API key: the id of the shared connection to work with, instead of the client's. */
  readonly connection?: string
  /** Where the endpoint says something of the ledger: wait so long, at most 30, for the CRM to have it. Default: the answer comes at once. */
  readonly waitSeconds?: number
}

/** What a call takes: the parts that its endpoint declares. One whose members are all optional may be left out. */
export type RequestOf<E extends Endpoint> =
  & Part<'params', ParamsInputOf<E>> & OptionalPart<'query', QueryInputOf<E>> & Part<'body', BodyInputOf<E>> & CallOptions

type Part<Name extends string, Input> = [Input] extends [undefined] ? unknown : { readonly [K in Name]: Input }
type OptionalPart<Name extends string, Input> =
  [Input] extends [undefined] ? unknown
  : Partial<Input> extends Input ? { readonly [K in Name]?: Input }
  : { readonly [K in Name]: Input }

export type Method<E extends Endpoint> =
  (...request: Partial<RequestOf<E>> extends RequestOf<E> ? [request?: RequestOf<E>] : [request: RequestOf<E>]) => Promise<OutputOf<E>>

/** A method for every endpoint, at its place in the declarations. Pages for a person's browser and what is not JSON have none. */
export type MethodsOf<Declarations> = {
  readonly [K in keyof Declarations as Declarations[K] extends { readonly isBrowserPage: true } | { readonly format: string } ? never : K]:
    Declarations[K] extends Endpoint ? Method<Declarations[K]> : MethodsOf<Declarations[K]>
}

export type LinefinderClient = MethodsOf<typeof api>
