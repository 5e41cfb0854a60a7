import type { ResponseTemplate, ValueTemplate } from '../description.js'
import { namesInTemplate } from '../template.js'

export function namesInValue(value: ValueTemplate): string[] {
  switch (value.kind) {
    case 'value': return [value.name]
    case 'text': return namesInTemplate(value.template)
    case 'constant': return []
    case 'object': return value.members.flatMap(([, member]) => namesInValue(member))
    case 'array': return value.items.flatMap(namesInValue)
  }
}

/** What an answer fills. */
export function namesInResponse(response: ResponseTemplate): string[] {
  switch (response.kind) {
    case 'capture': return namesInTemplate(response.template)
    case 'constant': return []
    case 'object': return response.members.flatMap(([, member]) => namesInResponse(member))
    case 'array': return response.items.flatMap(namesInResponse)
  }
}
