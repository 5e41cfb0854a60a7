import type { z } from 'zod'
import type { ProblemCode } from '../errors/code-names.js'

export const apiKeyScopes = ['admin', 'lookup', 'log'] as const
export type ApiKeyScope = (typeof apiKeyScopes)[number]

/**
 * Who may call: `public` anyone; `session` a client app's session; `lookup` and `log` a session, or an API key with that
 * scope together with the header `Linefinder-Connection`; `admin` an API key with the scope `admin`; `owner` such a key, or a
 * session of the connection that the path names as `id`.
 */
export type Access = 'public' | 'session' | 'owner' | ApiKeyScope

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One REST endpoint, declared once: the server validates by it, OpenAPI is generated from it, the client is typed by it. */
export interface Endpoint {
  readonly method: Method
  /** Path parameters as `{name}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: Access
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** `null`: an answer without a body (204). */
  readonly output: z.ZodType | null
  /** Default 200, or 204 without output. The first is what the client expects when all went well. */
  readonly statuses?: readonly number[]
  /** For a person's browser: answers with redirects and pages, so the client offers its address only. */
  readonly isBrowserPage?: boolean
  /**
   * For what is not JSON, and so not in the client: `text` answers in plain text, with an empty body and the code in the header
   * `Linefinder-Problem` on failure; `ndjson` reads and answers one JSON value a line, each of `body` and of `output`; `form` reads
   * what a browser sends of a form on a page.
   */
  readonly format?: 'text' | 'ndjson' | 'form'
  /** The body is JSON that is taken as its text, to the byte, and not as its value; the schema is that of the text. */
  readonly takesText?: true
  /** Answers 202 at once, or with `Prefer: wait=N` (RFC 7240) up to 30 seconds later, when the CRM has it by then. */
  readonly canWait?: true
  /** Beyond those that every endpoint may answer with. */
  readonly errors: readonly ProblemCode[]
}

export const endpoint = <const E extends Endpoint>(declaration: E): E => declaration

export type ParamsOf<E extends Endpoint> = E['params'] extends z.ZodType ? z.output<E['params']> : undefined
export type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType ? z.output<E['query']> : undefined
export type BodyOf<E extends Endpoint> = E['body'] extends z.ZodType ? z.output<E['body']> : undefined
export type OutputOf<E extends Endpoint> = E['output'] extends z.ZodType ? z.output<E['output']> : undefined

/** What a caller may write, before defaults are filled in. */
export type ParamsInputOf<E extends Endpoint> = E['params'] extends z.ZodType ? z.input<E['params']> : undefined
export type QueryInputOf<E extends Endpoint> = E['query'] extends z.ZodType ? z.input<E['query']> : undefined
export type BodyInputOf<E extends Endpoint> = E['body'] extends z.ZodType ? z.input<E['body']> : undefined

export const statusesOf = (e: Endpoint): readonly number[] => e.statuses ?? [e.output === null ? 204 : 200]
