import type { Capability } from '@linefinder/core'
import { recordIn, type Collection } from '../../openapi/collections.js'
import { firstFitting } from '../../openapi/field-words.js'
import { limitParamOf, nameParamOf, phoneParamOf, sinceParamOf, textParamOf } from '../../openapi/find-contacts.js'
import { emailIn, idIn, nameIn, phonesIn } from '../../openapi/people.js'
import type { ApiDocument } from '../../openapi/read-document.js'
import type { Finding } from '../adapter-plan.js'
import type { ContactsShape } from '../api-shape.js'

export interface ProposedContacts {
  readonly contacts: ContactsShape
  readonly capabilities: readonly Capability[]
  readonly found: readonly Finding[]
  readonly notFound: readonly Finding[]
}

export function proposeContacts(document: ApiDocument, collection: Collection | null, usual: ContactsShape): ProposedContacts {
  const { schemas } = document
  if (!collection?.record) return { contacts: usual, capabilities: [], found: [], notFound: [{ what: 'a list of contacts with a name and numbers', where: `\`${usual.path}\`, as many CRMs have it` }] }
  const { record, path, list, create, listKey } = collection
  const params = list?.queryParams ?? []
  const phone = phoneParamOf(collection)
  const text = textParamOf(params)
  const name = nameParamOf(params) ?? text
  const limit = limitParamOf(params)
  const paging = pagingOf(document, collection)
  const since = sinceParamOf(params)
  const contacts: ContactsShape = {
    path, listKey, itemKey: recordIn(create?.answer ?? null, document)?.key ?? null,
    id: idIn(record, schemas) ?? usual.id, name: nameIn(record, schemas) ?? usual.name, phones: phonesIn(record, schemas) ?? usual.phones, email: emailIn(record, schemas),
    phoneParam: phone?.name ?? usual.phoneParam, isTextSearch: phone?.isTextSearch ?? false, nameParam: name ?? usual.nameParam,
    limitParam: limit ?? usual.limitParam, sinceParam: since, paging: paging ?? { kind: 'page', param: 'page' }, deletedFlag: null,
  }
  const numbers = contacts.phones.kind === 'fields' ? contacts.phones.fields : [contacts.phones.field]
  const names = contacts.name.kind === 'one' ? [contacts.name.field] : [contacts.name.first, contacts.name.last]
  const isThere: readonly (readonly [what: string, where: string | null, instead: string])[] = [
    ['searching by number', phone && `the parameter \`${phone.name}\`${phone.isTextSearch ? ', which searches any text' : ''}`, `the parameter \`${usual.phoneParam}\``],
    ['creating a contact', create && `\`POST ${path}\``, `\`POST ${path}\``],
    ['searching by name (`searchContacts`)', name && `the parameter \`${name}\``, 'left out'],
    ['listing all contacts (`listContacts`)', paging && limit && `by \`${paging.param}\`, \`${limit}\` at a time`, 'left out: no page or cursor with a size was found'],
    ['what changed since a time', since && `the parameter \`${since}\``, 'every listing is of all contacts'],
    ['an e-mail address', contacts.email && `\`${contacts.email}\``, 'left out'],
  ]
  return {
    contacts,
    capabilities: [...(name === null ? [] : ['searchContacts' as const]), ...(paging && limit ? ['listContacts' as const] : [])],
    found: [
      { what: 'contacts', where: `\`${path}\`, ${listKey === null ? 'a bare list' : `in \`${listKey}\``}` },
      { what: 'a contact’s name and numbers', where: `${names.map(each => `\`${each}\``).join(', ')}; ${numbers.map(each => `\`${each}\``).join(', ')}` },
      ...isThere.flatMap(([what, where]) => where ? [{ what, where }] : []),
    ],
    notFound: isThere.flatMap(([what, where, instead]) => where ? [] : [{ what, where: instead }]),
  }
}

function pagingOf({ schemas }: ApiDocument, { list, listKey }: Collection): ContactsShape['paging'] | null {
  const params = list?.queryParams ?? []
  const param = firstFitting(params, [/^(cursor|page_?token|after|starting_?after|continuation(_?token)?)$/])
  const next = listKey === null ? null : firstFitting(schemas.properties(list?.answer).keys(), [/^next(_?(cursor|page_?token|token))?$/, /^(cursor|after)$/])
  if (param !== null && next !== null) return { kind: 'cursor', param, next }
  const page = firstFitting(params, [/^(page|page_?(number|no)|p)$/])
  return page === null ? null : { kind: 'page', param: page }
}
