import type { CrmAdapter } from '@linefinder/core'
import { adapterOf } from './adapter/adapter-of.js'
import { DocumentError } from './document-error.js'
import { readDocument } from './reading/read-document.js'
import type { ReadingOptions } from './reading/read-ringotel.js'

/**
 * The adapter for the CRM that a document describes: its text, or what `JSON.parse` made of it. Throws `DocumentError` with everything that
 * is wrong with it.
 */
export function ringotelAdapter(document: unknown, options: ReadingOptions = {}): CrmAdapter {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2) ?? ''
  const { description, problems } = readDocument(text, options)
  if (!description) throw new DocumentError(problems)
  return adapterOf(description)
}
