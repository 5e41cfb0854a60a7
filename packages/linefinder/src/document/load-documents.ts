import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { CrmAdapter } from '@linefinder/core'
import { adapterOf, printProblems, readDocument } from '@linefinder/declarative'
import { ConfigError } from '../config.js'

/**
 * Adapters of the documents in these files, and in every `*.json` of these folders, in the order of their names. Throws `ConfigError` with
 * every problem of every document when one has an error; warnings are logged.
 */
export async function loadDocuments(paths: readonly string[], log: Logger): Promise<CrmAdapter[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat()
  const documents = await Promise.all(files.map(async file => ({ file, ...read(await textOf(file)) })))
  const wrong = documents.filter(({ adapter }) => adapter === null)
  if (wrong.length > 0) throw new ConfigError(`LINEFINDER_DOCUMENTS:\n${wrong.map(({ file, text, problems }) => printProblems(text, problems, file)).join('\n')}`)
  for (const { file, text, problems } of documents) if (problems.length > 0) log.warn(`a document could be better\n${printProblems(text, problems, file)}`)
  return documents.flatMap(({ adapter }) => adapter ?? [])
}

function read(text: string) {
  const { description, problems } = readDocument(text)
  return { text, problems, adapter: description && adapterOf(description) }
}

async function filesAt(path: string): Promise<string[]> {
  const kind = await stat(path).catch(cannotRead(path))
  if (!kind.isDirectory()) return [path]
  const names = await readdir(path).catch(cannotRead(path))
  return names.filter(name => name.endsWith('.json')).sort().map(name => join(path, name))
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(cannotRead(file))

const cannotRead = (path: string) => (error: unknown): never => {
  throw new ConfigError(`LINEFINDER_DOCUMENTS: cannot read ${path} (${error instanceof Error ? error.message : 'unknown'})`, { cause: error })
}
