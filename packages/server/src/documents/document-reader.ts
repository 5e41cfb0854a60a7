import type { CrmAdapter } from '@linefinder/core'

/** Something that is wrong in a document, or could be, and where in its text. */
export interface DocumentProblem {
  readonly severity: 'error' | 'warning'
  /** Stable, such as `unknown_placeholder`. */
  readonly code: string
  /** Such as `['api', 'FindContact', 'request_method']`. */
  readonly path: readonly (string | number)[]
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** One sentence: what is wrong, what was found, what is expected. Never a secret: people paste it into tickets. */
  readonly message: string
  /** The nearest known name. */
  readonly suggestion?: string
}

export interface DocumentReading {
  /** `null` when there are errors. Its id and name are the document's own. */
  readonly adapter: CrmAdapter | null
  /** In the order of the document. */
  readonly problems: readonly DocumentProblem[]
}

/** Makes adapters of documents. The server keeps the texts, and knows no format. */
export interface DocumentReader {
  /** Pure: the same text gives an equal reading. Throws for no text. */
  read(text: string): DocumentReading
}
