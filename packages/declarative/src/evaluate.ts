import type { BinaryOperator, Expression } from './expression.js'
import { checkQuoted, quotesAround } from './quoted.js'
import type { Scalar } from './scalar.js'

/** What an expression takes its values from. `null` is a value that there is not. */
export interface Scope {
  valueOf(name: string): Scalar | null
  /** The values may hold quotes within a quoted literal. */
  readonly allowsQuotes: boolean
}

/**
 * The expression's value, or `null` when there is none: where a value is missing that it calculates with or puts into a text, and after a
 * division by zero. A missing value equals the empty text, and counts as false.
 */
export function evaluate(expression: Expression, scope: Scope): Scalar | null {
  switch (expression.kind) {
    case 'literal': return expression.value
    case 'placeholder': return scope.valueOf(expression.name)
    case 'unary': {
      const operand = evaluate(expression.operand, scope)
      if (expression.operator === '!') return !isTrue(operand)
      const number = numberOf(operand)
      return number === null ? null : -number
    }
    case 'conditional': return evaluate(isTrue(evaluate(expression.test, scope)) ? expression.then : expression.else, scope)
    case 'binary': return binary(expression.operator, expression, scope)
  }
}

export const isTrue = (value: Scalar | null): boolean => value !== null && value !== '' && value !== 0 && value !== false

function binary(operator: BinaryOperator, expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Scalar | null {
  if (operator === '+') return sum(expression, scope)
  const left = evaluate(expression.left, scope)
  if (operator === '&&') return isTrue(left) ? evaluate(expression.right, scope) : left
  if (operator === '||') return isTrue(left) ? left : evaluate(expression.right, scope)
  const right = evaluate(expression.right, scope)
  switch (operator) {
    case '==': return isSame(left, right)
    case '!=': return !isSame(left, right)
    case '<': case '<=': case '>': case '>=': return compare(operator, left, right)
    default: return calculate(operator, left, right)
  }
}

/** All that one chain of `+` adds up, since what stands left and right of a value tells whether it is inside a quoted literal. */
function sum(expression: Expression, scope: Scope): Scalar | null {
  const operands: Expression[] = []
  let first: Expression = expression
  while (first.kind === 'binary' && first.operator === '+') {
    operands.unshift(first.right)
    first = first.left
  }
  operands.unshift(first)
  const quotes = quotesAround(operands.map(operand => operand.kind === 'literal' ? String(operand.value) : null))
  return operands.map((operand, index) => {
    const value = evaluate(operand, scope)
    const quote = quotes[index] ?? null
    if (value === null || quote === null || scope.allowsQuotes) return value
    return checkQuoted(value, quote, operand.kind === 'placeholder' ? operand.name : 'a value')
  }).reduce(plus)
}

function plus(left: Scalar | null, right: Scalar | null): Scalar | null {
  if (left === null || right === null) return null
  return typeof left === 'string' || typeof right === 'string' ? `${String(left)}${String(right)}` : calculate('+', left, right)
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', left: Scalar | null, right: Scalar | null): number | null {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === null || b === null) return null
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b
  return Number.isFinite(result) ? result : null
}

function isSame(left: Scalar | null, right: Scalar | null): boolean {
  if (left === null || right === null) return (left ?? '') === (right ?? '')
  if (typeof left === typeof right) return left === right
  const [a, b] = [numberOf(left), numberOf(right)]
  return a !== null && b !== null ? a === b : String(left) === String(right)
}

/** Numbers by their size, also where one is written as a text; else as texts. What is missing compares as false. */
function compare(operator: '<' | '<=' | '>' | '>=', left: Scalar | null, right: Scalar | null): boolean {
  if (left === null || right === null) return false
  const [a, b] = [numberOf(left), numberOf(right)]
  const difference = a !== null && b !== null ? a - b : String(left) < String(right) ? -1 : String(left) === String(right) ? 0 : 1
  switch (operator) {
    case '<': return difference < 0
    case '<=': return difference <= 0
    case '>': return difference > 0
    case '>=': return difference >= 0
  }
}

function numberOf(value: Scalar | null): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^-?\d{1,300}(\.\d{1,300})?$/.test(value.trim())) return null
  return Number(value)
}
