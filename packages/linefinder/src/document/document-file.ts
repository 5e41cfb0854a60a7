import { readFileSync, statSync } from 'node:fs'
import { countProblems, printProblems, readDocument, type Description } from '@linefinder/declarative'
import { CommandError } from '../command-error.js'

/** What is larger is not read: the reader refuses it anyway. */
const maxBytes = 5_000_000

export interface DocumentFile {
  readonly text: string
  /** `null` when there are errors. */
  readonly description: Description | null
  /** Every problem with its line, as it is printed; empty when there is none. */
  readonly told: string
  /** Such as `0 errors, 1 warning`. */
  readonly counted: string
}

/** Throws `CommandError` when the file cannot be read. What is wrong in it is told. */
export function readDocumentFile(path: string, { strict }: { readonly strict: boolean }): DocumentFile {
  const text = textOf(path)
  const { description, problems } = readDocument(text, { strict })
  return { text, description, told: printProblems(text, problems, path), counted: countProblems(problems) }
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > maxBytes) throw new CommandError(`${path} has more than ${String(maxBytes)} bytes.`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
