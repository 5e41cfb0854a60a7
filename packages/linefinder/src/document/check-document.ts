import { dialectOf, type Description } from '@linefinder/declarative'
import { readDocumentFile } from './document-file.js'

const names = { 'ringotel': 'Ringotel’s no-code format', 'app-connect': 'App Connect’s proxy configuration' } as const

/** Prints everything that is wrong. `null` when it is too much to go on. */
export function checkDocument(path: string, options: { readonly strict: boolean }): Description | null {
  const { text, description, told, counted } = readDocumentFile(path, options)
  if (told !== '') console.log(told)
  console.log(`${path}, ${names[dialectOf(text)]}: ${counted}. ${description ? 'It can be used.' : 'It cannot be used.'}`)
  return description
}
