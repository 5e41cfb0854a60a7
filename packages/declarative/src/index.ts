export type { Description, MethodName, Problem, Reading } from './description.js'
