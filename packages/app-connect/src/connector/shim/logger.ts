import type { Output } from '../connector-call.js'

type Say = (...words: unknown[]) => void

export interface ShimLogger {
  readonly error: Say
  readonly warn: Say
  readonly info: Say
  readonly debug: Say
  child(context?: object): ShimLogger
  logApiRequest(facts: Readonly<Record<string, unknown>>): void
  logDatabaseQuery(facts: Readonly<Record<string, unknown>>): void
}

/** `lib/logger`: what connectors print holds names, notes and tokens, so it goes where `output` says, which is nowhere unless somebody asks. */
export const createLogger = (output: Output, context: object = {}): ShimLogger => ({
  error: (...words) => { output('error', [...words, context]) },
  warn: (...words) => { output('warn', [...words, context]) },
  info: (...words) => { output('info', [...words, context]) },
  debug: (...words) => { output('debug', [...words, context]) },
  child: more => createLogger(output, { ...context, ...more }),
  logApiRequest: facts => { output('debug', ['API request', facts]) },
  logDatabaseQuery: facts => { output('debug', ['database query', facts]) },
})
