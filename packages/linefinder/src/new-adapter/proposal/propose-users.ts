import type { Capability } from '@linefinder/core'
import { findOwnUser, findUsers } from '../../openapi/find-users.js'
import { firstFitting } from '../../openapi/field-words.js'
import { emailIn, idIn, nameIn } from '../../openapi/people.js'
import type { ApiDocument } from '../../openapi/read-document.js'
import type { JsonSchema } from '../../openapi/schemas.js'
import type { Finding } from '../adapter-plan.js'
import type { ApiShape, UserShape } from '../api-shape.js'

export interface ProposedUsers {
  readonly user: UserShape
  readonly users: ApiShape['users']
  readonly capabilities: readonly Capability[]
  readonly found: readonly Finding[]
  readonly notFound: readonly Finding[]
}

export function proposeUsers(document: ApiDocument, usual: Pick<ApiShape, 'user' | 'users'>): ProposedUsers {
  const { schemas } = document
  const own = findOwnUser(document)
  const user: UserShape = own === null ? usual.user : {
    path: own.operation.path, itemKey: own.key, id: idIn(own.record, schemas) ?? usual.user.id, name: nameIn(own.record, schemas) ?? usual.user.name,
    email: emailIn(own.record, schemas), account: accountIn(own.record, document),
  }
  const all = own === null ? null : findUsers(document)
  // Their records are read as the own one is.
  const isAlike = all?.record != null && JSON.stringify([idIn(all.record, schemas), nameIn(all.record, schemas)]) === JSON.stringify([user.id, user.name])
    && (user.account === null || schemas.properties(all.record).has(user.account.field))
  return {
    user, users: all === null ? usual.users : { path: all.path, listKey: all.listKey }, capabilities: isAlike ? ['listUsers'] : [],
    found: [
      ...(own === null ? [] : [{ what: 'who is logged in', where: `\`GET ${own.operation.path}\`` }]),
      ...(user.account !== null && own !== null ? [{ what: 'the customer’s account', where: `\`${user.account.field}\`` }] : []),
      ...(isAlike && all ? [{ what: 'the users (`listUsers`)', where: `\`GET ${all.path}\`` }] : []),
    ],
    notFound: [
      ...(own === null ? [{ what: 'who is logged in', where: `\`GET ${usual.user.path}\`, as many CRMs have it` }] : []),
      ...(own !== null && user.account === null ? [{ what: 'the customer’s account', where: 'nothing: each connection is then an account of its own' }] : []),
      ...(isAlike ? [] : [{ what: 'the users (`listUsers`)', where: 'left out' }]),
    ],
  }
}

function accountIn(record: JsonSchema, { schemas }: ApiDocument): UserShape['account'] {
  const properties = schemas.properties(record)
  const field = firstFitting(properties.keys(), [/^(account|organi[sz]ation|company|tenant|team|workspace)$/])
  const parts = schemas.properties(properties.get(field ?? ''))
  if (field !== null && parts.has('id')) return { kind: 'object', field, name: schemas.typeOf(parts.get('name')) === 'string' ? 'name' : null }
  const id = firstFitting(properties.keys(), [/^(account|organi[sz]ation|org|company|tenant|team|workspace)_?id$/])
  return id === null ? null : { kind: 'id', field: id }
}
