import { readFile } from 'node:fs/promises'
import { CommandError } from '../command-error.js'
import { fileError } from '../phones/phones-error.js'
import { ask } from './ask.js'
import { readDocument, type ApiDocument } from './read-document.js'

/** @param place a file, or an address that answers without credentials. Throws `CommandError` for what cannot be read. */
export async function documentAt(place: string): Promise<ApiDocument> {
  if (!/^https?:\/\//.test(place)) return readDocument(await readFile(place, 'utf8').catch((error: unknown) => { throw fileError(error, place) }), place)
  const asked = await ask(place, 'application/json, application/yaml, */*')
  if ('failure' in asked) throw new CommandError(`${place}: ${asked.failure}`)
  if (asked.answer.status !== 200) throw new CommandError(`${place} says ${String(asked.answer.status)}.`)
  return readDocument(asked.answer.text, place)
}
