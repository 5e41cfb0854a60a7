import { CrmError, wrongInField, type LogField, type LogFieldValues } from '@linefinder/core'

/** Throws `CrmError('rejected')` for a value that the CRM's field does not take, and for a field that is not there. */
export function checkFields(fields: readonly LogField[], values: LogFieldValues): void {
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find(each => each.name === name)
    const wrong = field ? wrongInField(field, value) : 'is no field of this CRM’s activities'
    if (wrong !== null) throw new CrmError('rejected', { detail: `"${field?.label ?? name}" ${wrong}.` })
  }
}

/** As people read them: in the CRM's order, with the labels of what was chosen. */
export function fieldsInWords(fields: readonly LogField[], values: LogFieldValues): LogFieldValues {
  const placeOf = (name: string) => fields.findIndex(each => each.name === name)
  const inOrder = Object.entries(values).sort(([a], [b]) => placeOf(a) - placeOf(b))
  return Object.fromEntries(inOrder.map(([name, value]) => {
    const options = fields.find(each => each.name === name)?.options ?? []
    const labelOf = (chosen: string) => options.find(option => option.value === chosen)?.label ?? chosen
    if (typeof value === 'string') return [name, labelOf(value)]
    return [name, Array.isArray(value) ? value.map(labelOf) : value]
  }))
}
