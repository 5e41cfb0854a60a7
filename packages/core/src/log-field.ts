import * as z from 'zod'

export const logFieldName = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'must begin with a letter, and hold letters, digits, dots, dashes and underscores only')

export const logFieldValue = z.union([z.string().max(10_000), z.number(), z.boolean(), z.array(z.string().max(1000)).max(100)])
export type LogFieldValue = z.infer<typeof logFieldValue>

/** Values of the CRM's own fields, by name. */
export const logFieldValues = z.record(logFieldName, logFieldValue).refine(values => Object.keys(values).length <= 100, 'at most 100 fields')
export type LogFieldValues = z.infer<typeof logFieldValues>

/** A field of the CRM's own on its activities, for the form that an agent fills in. */
export const logField = z.object({
  name: logFieldName,
  label: z.string().min(1).max(255),
  /** `date` is `2026-03-01`. A `multiselect` has a list of options as its value, a `checkbox` true or false. */
  type: z.enum(['text', 'textarea', 'number', 'checkbox', 'date', 'select', 'multiselect']),
  isRequired: z.boolean().optional(),
  /** For `select` and `multiselect`: what may be chosen. */
  options: z.array(z.object({ value: z.string().max(1000), label: z.string().max(255) })).max(1000).optional(),
  help: z.string().max(1000).optional(),
  maxLength: z.int().min(1).max(10_000).optional(),
})
export type LogField = z.infer<typeof logField>

/** What is wrong with a value, or `null`. */
export function wrongInField(field: LogField, value: LogFieldValue): string | null {
  switch (field.type) {
    case 'checkbox': return typeof value === 'boolean' ? null : 'must be true or false'
    case 'number': return typeof value === 'number' ? null : 'must be a number'
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : 'must be a date such as 2026-03-01'
    case 'select': return typeof value === 'string' && isOption(field, value) ? null : 'must be one of the field’s options'
    case 'multiselect': return Array.isArray(value) && value.every(each => isOption(field, each)) ? null : 'must be a list of the field’s options'
    case 'text': case 'textarea': {
      if (typeof value !== 'string') return 'must be a text'
      return field.maxLength !== undefined && value.length > field.maxLength ? `must have at most ${String(field.maxLength)} characters` : null
    }
  }
}

const isOption = ({ options }: LogField, value: string): boolean => options?.some(option => option.value === value) ?? true
