import type { Field } from '@linefinder/core'
import { ApiError } from '../http/api-error.js'
import { pointerOf } from '../http/validate.js'

/**
 * The values of a filled-in auth form; an optional field that was left empty is left out. Throws `invalid_fields` that names
 * every wrong field, and never a value.
 */
export function checkAuthFields(form: readonly Field[], filled: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(filled).filter(name => !form.some(field => field.name === name))
  const wrong = [
    ...unknown.map(name => ({ name, message: 'is not known here' })),
    ...form.flatMap(field => {
      const message = complaintAbout(field, filled[field.name] ?? '')
      return message === null ? [] : [{ name: field.name, message }]
    }),
  ]
  if (wrong.length > 0) {
    throw new ApiError('invalid_fields', { errors: wrong.map(({ name, message }) => ({ in: 'body', pointer: pointerOf(['fields', name]), message })) })
  }
  return Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== ''))
}

function complaintAbout({ required, pattern }: Field, value: string): string | null {
  if (value === '') return required ? 'is required' : null
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value) ? null : 'does not have the right form'
}
