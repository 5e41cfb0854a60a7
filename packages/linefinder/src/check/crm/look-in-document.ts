import { collectionsOf } from '../../openapi/collections.js'
import { spelledAlike } from '../../openapi/field-words.js'
import { findActivities } from '../../openapi/find-activities.js'
import { findContacts, nameParamOf, phoneParamOf, sinceParamOf, textParamOf } from '../../openapi/find-contacts.js'
import { findOwnUser, findUsers } from '../../openapi/find-users.js'
import { emailIn } from '../../openapi/people.js'
import type { ApiDocument, SecurityScheme } from '../../openapi/read-document.js'
import type { NeedName, Seen } from './needs.js'

/** Which needs an OpenAPI document shows. What is not in it may be there all the same. */
export function lookInDocument(document: ApiDocument): Seen[] {
  const { operations, schemas } = document
  const contacts = findContacts(document)
  const calls = findActivities(document)
  const own = findOwnUser(document)
  const users = findUsers(document)
  const params = contacts?.list?.queryParams ?? []
  const phone = contacts && phoneParamOf(contacts)
  const name = nameParamOf(params) ?? textParamOf(params)
  const since = sinceParamOf(params)
  const email = users?.record ? emailIn(users.record, schemas) : null
  const logout = operations.find(({ method, path }) => method !== 'get' && /(^|\/)(log_?out|sign_?out|revoke|revocation)$/.test(spelledAlike(path)))
  const outcomes = collectionsOf(document).find(({ noun, list }) => list !== null && /dispositions?|outcomes?|call_results?/.test(spelledAlike(noun)))
  const upload = operations.find(({ method, path }) => (method === 'post' || method === 'put') && /(recordings?|attachments?|files?|uploads?)(\/\{[^/]+\})?$/.test(spelledAlike(path)))
  const change = calls?.patch ?? calls?.put

  const where: Readonly<Partial<Record<NeedName, string | false | null | undefined>>> = {
    token: tokenIn(document.securitySchemes),
    logout: logout && `${logout.method.toUpperCase()} ${logout.path}`,
    createCall: calls && `POST ${calls.path}`,
    fetchCall: calls?.readOne && `GET ${calls.readOne.path}`,
    updateCall: change && `${change.method.toUpperCase()} ${change.path}`,
    findByPhone: phone && `GET ${contacts.path}?${phone.name}=`,
    createContact: contacts?.create && `POST ${contacts.path}`,
    userName: own && `GET ${own.operation.path}`,
    findByName: name && contacts && `GET ${contacts.path}?${name}=`,
    listUsers: users && email && `GET ${users.path}`,
    listContacts: since && contacts && `GET ${contacts.path}?${since}=`,
    dispositions: outcomes && `GET ${outcomes.path}`,
    uploads: upload && `${upload.method.toUpperCase()} ${upload.path}`,
  }
  // The keys of a mapped object are its own.
  return (Object.keys(where) as NeedName[]).map(need => {
    const found = where[need]
    return typeof found === 'string' && found !== '' ? { need, answer: 'yes', why: found } : { need, answer: 'no', why: 'the OpenAPI document does not show it' }
  })
}

function tokenIn(schemes: readonly SecurityScheme[]): string | null {
  const words = schemes.flatMap(scheme => {
    switch (scheme.type) {
      case 'oauth2': return scheme.flows.authorizationCode ? ['OAuth 2.0'] : []
      case 'apiKey': return scheme.in === 'cookie' ? [] : [`a key in the ${scheme.in} ${scheme.name}`]
      case 'http': return [`HTTP ${scheme.scheme}`]
      case 'openIdConnect': return ['OpenID Connect']
      case 'mutualTLS': return []
    }
  })
  return words.length === 0 ? null : words.join(', ')
}
