import type { IdShape, NameShape, PhonesShape } from '../new-adapter/api-shape.js'
import { firstFitting, spelledAlike } from './field-words.js'
import type { JsonSchema, Schemas } from './schemas.js'

/** What identifies a record. `null` when nothing looks like it. */
export function idIn(record: JsonSchema, schemas: Schemas): IdShape | null {
  const properties = schemas.properties(record)
  const field = firstFitting(properties.keys(), [/^id$/, /^(uuid|guid|key)$/, /^[a-z]+_id$/])
  if (field === null) return null
  return { field, isNumber: ['integer', 'number'].includes(schemas.typeOf(properties.get(field))) }
}

export function nameIn(record: JsonSchema, schemas: Schemas): NameShape | null {
  const names = [...schemas.properties(record).keys()]
  const whole = firstFitting(names, [/^(full_|display_)?name$/, /^(contact|customer|company|user|person)_name$/])
  const first = firstFitting(names, [/^(first|given|fore)_?name$/])
  const last = firstFitting(names, [/^(last|family|sur)_?name$/])
  // Where both are there, the whole name is often made of the two, and cannot be written.
  if (first !== null && last !== null) return { kind: 'two', first, last }
  return whole === null ? null : { kind: 'one', field: whole }
}

const isPhone = (name: string): boolean => {
  const word = spelledAlike(name)
  return /(^|_)(phone|telephone|mobile|cell|cellphone|tel|landline)(s|_?numbers?|_\d)?($|_)/.test(word) && !/ext|type|label|country|verified|code|format/.test(word)
}

/** Where the numbers of a contact are. `null` when there are none. */
export function phonesIn(record: JsonSchema, schemas: Schemas): PhonesShape | null {
  const properties = [...schemas.properties(record)].filter(([name]) => isPhone(name))
  for (const [field, schema] of properties) {
    const items = schemas.items(schema)
    if (items === null) continue
    const parts = schemas.properties(items)
    const number = firstFitting(parts.keys(), [/^(number|value|phone|phone_?number|e164|tel)$/])
    if (number !== null) return { kind: 'objects', field, number, label: firstFitting(parts.keys(), [/^(label|type|kind)$/]) }
    if (schemas.typeOf(items) === 'string') return { kind: 'texts', field }
  }
  const fields = properties.flatMap(([field, schema]) => schemas.typeOf(schema) === 'string' ? [field] : [])
  return fields.length === 0 ? null : { kind: 'fields', fields }
}

export const emailIn = (record: JsonSchema, schemas: Schemas): string | null => {
  const texts = [...schemas.properties(record)].flatMap(([name, schema]) => schemas.typeOf(schema) === 'string' ? [name] : [])
  return firstFitting(texts, [/^(primary_|work_)?e_?mail(_address)?$/])
}
