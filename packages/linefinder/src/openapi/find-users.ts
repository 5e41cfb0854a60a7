import { collectionsOf, isPlainPath, recordIn, type Collection } from './collections.js'
import { spelledAlike } from './field-words.js'
import { idIn, nameIn } from './people.js'
import type { ApiDocument, Operation } from './read-document.js'
import type { JsonSchema } from './schemas.js'

const ownPaths = [/(^|\/)(me|whoami|userinfo|current_?user)$/, /(^|\/)(self|myself|profile|my_?self|my_?profile)$/, /(^|\/)(user|session|account)$/]

/** The operation that tells who is logged in. */
export function findOwnUser(document: ApiDocument): { readonly operation: Operation; readonly key: string | null; readonly record: JsonSchema } | null {
  for (const pattern of ownPaths) {
    for (const operation of document.operations) {
      if (operation.method !== 'get' || !isPlainPath(operation.path) || !pattern.test(spelledAlike(operation.path))) continue
      const found = recordIn(operation.answer, document)
      if (found && idIn(found.record, document.schemas) && nameIn(found.record, document.schemas)) return { operation, ...found }
    }
  }
  return null
}

export const findUsers = (document: ApiDocument): Collection | null =>
  collectionsOf(document).find(({ noun, list }) => list !== null && /^(users?|employees?|agents?|staff|team_?members?)$/.test(spelledAlike(noun))) ?? null
