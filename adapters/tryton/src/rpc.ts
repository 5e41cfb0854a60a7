import { CrmError, type AdapterContext } from '@linefinder/core'
import { z } from 'zod'
import { databaseOf } from './settings.js'

type Http = AdapterContext['http']

/** What a call needs of the adapter's context. */
export type Caller = Pick<AdapterContext, 'http' | 'connection'>

/**
 * Calls a method of a Tryton model, such as `party.party.read`, and checks its result. `more` joins the context that Tryton takes as the
 * last parameter. Throws `CrmError`.
 */
export async function ask<Schema extends z.ZodType>(
  { http, connection }: Caller, schema: Schema, method: string, params: readonly unknown[], more: Readonly<Record<string, unknown>> = {},
): Promise<z.output<Schema>> {
  // By the English texts refusals are told apart.
  const context = { language: 'en', ...more }
  return schema.parse(await post(http, databaseOf(connection), { id: 0, method: `model.${method}`, params: [...params, context] }))
}

/** JSON-RPC 1.0: every answer is HTTP 200 but those about credentials, rate and size, which `http` throws by itself. */
export async function post(http: Http, database: string, request: object, config: Parameters<Http['post']>[2] = {}): Promise<unknown> {
  const { data } = await http.post<unknown>(`/${encodeURIComponent(database)}/`, request, config)
  const answer = reply.parse(data)
  if (answer.error != null) throw failureOf(answer.error)
  return answer.result
}

const reply = z.object({ result: z.unknown().optional(), error: z.array(z.unknown()).nullish() })

/** An exception of Tryton's own has its name and what it was made of; any other its text and traceback, which nobody outside should see. */
function failureOf([name, details]: readonly unknown[]): CrmError {
  const texts = (Array.isArray(details) ? details : [details]).filter(text => typeof text === 'string')
  switch (name) {
    case 'UserError': return refusal(texts[0] ?? '')
    // It would be let through by a person who confirms it, and nobody is there to ask.
    case 'UserWarning': return new CrmError('rejected', { detail: withoutNumbers(texts[1] ?? '') })
    case 'ConcurrencyException': return new CrmError('conflict')
    case 'LoginException': return new CrmError('unauthorized', { detail: 'Tryton asks for more than a user name and a password.' })
    default: return new CrmError('server_error')
  }
}

function refusal(text: string): CrmError {
  if (text.includes("that don't exist anymore")) return new CrmError('not_found')
  return new CrmError(text.startsWith('You are not allowed to') ? 'forbidden' : 'rejected', { detail: withoutNumbers(text) })
}

const withoutNumbers = (text: string): string => text.replace(/\+?\d[\d\s()./-]{3,}\d/g, '…').slice(0, 300)
