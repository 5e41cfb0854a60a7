import type { Problem } from './description.js'

/** The document cannot be used; `problems` tells everything that is wrong with it. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  readonly code = 'document_invalid'
  readonly status = 422

  constructor(readonly problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error')
    super([`The document has ${String(errors.length)} ${errors.length === 1 ? 'error' : 'errors'}.`, ...errors.slice(0, 5).map(({ path, message }) => `/${path.join('/')}: ${message}`)].join('\n'))
  }
}
