import type { JsonValue, LogField, LogFieldValue } from '@linefinder/core'
import type { JsonObject } from '../extras.js'
import type { ActivityForm } from './activity-forms.js'

/** The `const` under which the client's forms carry the outcome of a call. No field of a CRM has it: names begin with a letter. */
export const dispositionConst = '_disposition'

/** As the manifest's `additionalFields` name them. A choice is offered with each contact, so the options are not in here. */
export function manifestFieldsOf({ fields, dispositions }: ActivityForm): JsonObject[] {
  return [
    ...(dispositions.length === 0 ? [] : [{ const: dispositionConst, title: 'Outcome', type: 'selection', contactDependent: false }]),
    ...fields.map(({ name, label, type, isRequired, help }): JsonObject => ({
      const: name, title: label, type: wireTypeOf(type), contactDependent: false,
      ...(isRequired ? { required: true } : {}),
      ...(help === undefined ? {} : { description: help }),
    })),
  ]
}

/** What a contact brings along for the form: the choices, and for a box that it is there. */
export function additionalInfoOf({ fields, dispositions }: ActivityForm): JsonObject | null {
  const choices = (options: readonly { readonly value: string; readonly label: string }[]): JsonValue => options.map(({ value, label }) => ({ const: value, title: label }))
  const info = Object.fromEntries([
    ...(dispositions.length === 0 ? [] : [[dispositionConst, choices(dispositions)] as const]),
    ...fields.flatMap(({ name, type, options = [] }) => {
      const wire = wireTypeOf(type)
      return wire === 'inputField' ? [] : [[name, wire === 'checkbox' ? false : choices(options)] as const]
    }),
  ])
  return Object.keys(info).length === 0 ? null : info
}

/** The client has no other types: a choice of several is written as text, parted by commas. */
const wireTypeOf = (type: LogField['type']): 'selection' | 'checkbox' | 'inputField' =>
  type === 'select' ? 'selection' : type === 'checkbox' ? 'checkbox' : 'inputField'

export interface Filled {
  readonly disposition?: string
  readonly fields?: Record<string, LogFieldValue>
}

/** What of a filled-in form is the CRM's. What was left open, and what the form does not ask for, is left out. */
export function readFilled(form: ActivityForm, submission: Readonly<Record<string, unknown>> | undefined): Filled {
  if (submission === undefined) return {}
  const chosen = submission[dispositionConst]
  const fields = Object.fromEntries(form.fields.flatMap(field => {
    const value = valueOf(field, submission[field.name])
    return value === null ? [] : [[field.name, value] as const]
  }))
  return {
    ...(form.dispositions.some(({ value }) => value === chosen) ? { disposition: String(chosen) } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  }
}

/** The client's own word for a choice that was not made. */
const open = ['none', '', null, undefined] as readonly unknown[]

function valueOf({ type }: LogField, value: unknown): LogFieldValue | null {
  if (open.includes(value)) return null
  switch (type) {
    case 'checkbox': return value === true || value === 'true'
    case 'number': return Number.isFinite(Number(value)) ? Number(value) : String(value)
    case 'multiselect': return Array.isArray(value) ? value.map(String) : String(value).split(',').map(part => part.trim()).filter(part => part !== '')
    case 'text': case 'textarea': case 'date': case 'select': return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}
