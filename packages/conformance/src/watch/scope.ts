import { AsyncLocalStorage } from 'node:async_hooks'

export interface OutgoingRequest {
  readonly origin: string
  readonly method: string
  readonly path: string
  /** It went through `ctx.http`. */
  readonly isOurs: boolean
}

/** What an adapter did outside while it was asked for one thing. */
export interface Scope {
  /** Names the adapter's member and the check's wish, for messages. */
  readonly requestId: string
  /** The only origins that may be asked. */
  readonly allowedOrigins: readonly string[]
  readonly requests: OutgoingRequest[]
  /** Names of environment variables. */
  readonly environment: string[]
  /** Everything that was logged or printed, and the words of its failures. */
  readonly said: string[]
}

const current = new AsyncLocalStorage<Scope>()

/** Whatever `work` starts, however late, is known to be of this scope. */
export const within = <Result>(scope: Scope, work: () => Result): Result => current.run(scope, work)

export const currentScope = (): Scope | undefined => current.getStore()

/** For what the kit does by itself in the midst of an adapter's work, as a server would. */
export const outside = <Result>(work: () => Result): Result => current.exit(work)
