export type BenchErrorCode = 'no_postgres' | 'no_peer' | 'part_ended' | 'sync_failed' | 'wrong_answer' | 'too_many_contacts' | 'still_busy' | 'stopped'

/** What keeps a measurement from being made; told in words, without a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError'

  constructor(readonly code: BenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
  }
}
