import type { Person } from './people.js'

export type FieldValue = string | number | boolean
export type FieldValues = Readonly<Record<string, FieldValue>>

export interface ActivityField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'select'
  /** Of a select. */
  readonly options?: readonly { readonly value: string; readonly label: string }[]
}

const topics = [
  { value: 'quote', label: 'Quote' }, { value: 'order', label: 'Order' }, { value: 'invoice', label: 'Invoice' }, { value: 'complaint', label: 'Complaint' },
]
const projects = ['New building', 'Renovation', 'Maintenance']

/** The fields of an activity on this person. The projects are those of the person's company. */
export function fieldsFor(person: Pick<Person, 'company_id' | 'company_name'> | null): readonly ActivityField[] {
  const own: readonly ActivityField[] = [
    { name: 'topic', label: 'Topic', type: 'select', options: topics },
    { name: 'seats', label: 'Seats', type: 'number' },
    { name: 'follow_up_on', label: 'Follow up on', type: 'date' },
  ]
  if (person?.company_id == null) return own
  const options = projects.map((project, index) => ({ value: `${person.company_id ?? ''}-${index + 1}`, label: `${project}, ${person.company_name ?? ''}` }))
  return [...own, { name: 'project', label: 'Project', type: 'select', options }]
}

/** What is wrong with the first value that is, or null. */
export function wrongInFields(fields: readonly ActivityField[], values: FieldValues): { name: string; message: string } | null {
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((each) => each.name === name)
    if (field === undefined) return { name, message: 'There is no such field' }
    if (!isRight(field, value)) return { name, message: `${field.label} cannot be that` }
  }
  return null
}

function isRight({ type, options = [] }: ActivityField, value: FieldValue): boolean {
  switch (type) {
    case 'text': return typeof value === 'string'
    case 'number': return typeof value === 'number'
    case 'boolean': return typeof value === 'boolean'
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
    case 'select': return options.some((option) => option.value === value)
  }
}

export function fieldsInWords(fields: readonly ActivityField[], values: FieldValues): { label: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => {
    const field = fields.find((each) => each.name === name)
    return { label: field?.label ?? name, value: field?.options?.find((option) => option.value === value)?.label ?? String(value) }
  })
}
