import type { Capability } from '@linefinder/core'
import { recordIn, type Collection } from '../../openapi/collections.js'
import { activityFieldsIn, directionsIn } from '../../openapi/find-activities.js'
import { externalIdParamOf } from '../../openapi/find-contacts.js'
import { spelledAlike } from '../../openapi/field-words.js'
import { idIn } from '../../openapi/people.js'
import type { ApiDocument } from '../../openapi/read-document.js'
import type { JsonSchema } from '../../openapi/schemas.js'
import type { Finding } from '../adapter-plan.js'
import { activityMembers, type ActivitiesShape } from '../api-shape.js'

export interface ProposedActivities {
  readonly activities: ActivitiesShape
  readonly capabilities: readonly Capability[]
  readonly found: readonly Finding[]
  readonly notFound: readonly Finding[]
}

export function proposeActivities(document: ApiDocument, collection: Collection | null, usual: ActivitiesShape): ProposedActivities {
  const { schemas } = document
  if (!collection?.create) return { activities: usual, capabilities: [], found: [], notFound: [{ what: 'a place for calls that can be added to', where: `\`${usual.path}\`, as many CRMs have it` }] }
  const { path, create, list, listKey, readOne, patch, put } = collection
  const body = create.body ?? {}
  const answer = recordIn(create.answer, document)
  const fields = activityFieldsIn(body, document)
  const kept = { ...fields, contactId: fields.contactId ?? 'contact_id', body: fields.body ?? 'note' }
  const direction = fields.direction === undefined ? [] : schemas.choices(schemas.properties(body).get(fields.direction))
  const constants = constantsIn(body, document, new Set(Object.values(kept)))
  const idParam = externalIdParamOf(list?.queryParams ?? [])
  const activities: ActivitiesShape = {
    path, listKey: list === null ? usual.listKey : listKey, itemKey: answer?.key ?? null, id: (answer ? idIn(answer.record, schemas) : null) ?? usual.id,
    update: patch === null && put !== null ? 'put' : 'patch', fields: kept, directions: directionsIn(direction) ?? usual.directions, constants,
    externalIdParam: idParam ?? usual.externalIdParam,
  }
  const finds = idParam !== null && fields.externalId !== undefined
  const isThere: readonly (readonly [what: string, where: string | null, instead: string])[] = [
    ['changing a call', patch ? `\`PATCH ${patch.path}\`` : put && `\`PUT ${put.path}\`, with the whole record`, `\`PATCH ${path}/{id}\``],
    ['reading a call back (`getCallLog`)', readOne && fields.body !== undefined ? `\`GET ${readOne.path}\`` : null, 'left out'],
    ['finding a call by our id (`findCallLog`)', finds ? `the parameter \`${idParam}\`` : null, 'left out: a lost answer may make a second record'],
  ]
  const required = schemas.required(body).filter(name => name !== activities.id.field && schemas.properties(body).get(name)?.['readOnly'] !== true && !Object.hasOwn(constants, name) && !Object.values(fields).includes(name))
  return {
    activities,
    capabilities: [...(readOne !== null && fields.body !== undefined ? ['getCallLog' as const] : []), ...(finds ? ['findCallLog' as const] : [])],
    found: [
      { what: 'calls', where: `\`${path}\`${Object.entries(constants).map(([name, value]) => `, with \`${name}\` = \`${value}\``).join('')}` },
      ...activityMembers.flatMap(member => fields[member] === undefined ? [] : [{ what: `\`${member}\` of a call`, where: `\`${fields[member]}\`` }]),
      ...isThere.flatMap(([what, where]) => where === null ? [] : [{ what, where }]),
    ],
    notFound: [
      ...activityMembers.flatMap(member => fields[member] === undefined ? [{ what: `\`${member}\` of a call`, where: insteadOf(member, kept) }] : []),
      ...isThere.flatMap(([what, where, instead]) => where === null ? [{ what, where: instead }] : []),
      ...required.map(name => ({ what: `a value for \`${name}\`, which a call must have`, where: 'nothing: add it in `createCallLog`' })),
    ],
  }
}

function insteadOf(member: (typeof activityMembers)[number], kept: { readonly contactId: string; readonly body: string }): string {
  if (member === 'contactId') return `\`${kept.contactId}\`: without it a call is on nobody’s record`
  if (member === 'body') return `\`${kept.body}\``
  if (member === 'externalId') return 'nothing'
  return member === 'subject' ? 'left out' : 'told in the text'
}

/** A required or usual kind of record, as a call has it. */
function constantsIn(body: JsonSchema, { schemas }: ApiDocument, taken: ReadonlySet<string>): Record<string, string> {
  const kinds = [...schemas.properties(body)].filter(([name]) => !taken.has(name) && /^((activity|event|engagement|interaction|record|note|task)_)?(type|kind)$/.test(spelledAlike(name)))
  return Object.fromEntries(kinds.flatMap(([name, schema]) => {
    const choices = schemas.choices(schema)
    const value = choices.find(choice => /call|phone/i.test(choice)) ?? choices[0] ?? (schemas.typeOf(schema) === 'string' ? 'call' : undefined)
    return value === undefined ? [] : [[name, value]]
  }))
}
