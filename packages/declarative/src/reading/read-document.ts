import type { Reading } from '../description.js'
import { readRingotel, type ReadingOptions } from './read-ringotel.js'

/** Reads a document, whichever of the dialects it is written in. Never throws: whatever is wrong is a problem. */
export function readDocument(text: string, options: ReadingOptions = {}): Reading {
  return readRingotel(text, options)
}
