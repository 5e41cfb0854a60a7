export type { Description, MethodName, Problem, Reading } from './description.js'
export { parseExpression, type Expression } from './expression.js'
export { parseTemplate, type PlaceholderForm } from './template.js'
