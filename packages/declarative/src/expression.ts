import { matchPlaceholder, type PlaceholderForm } from './template.js'

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||'

/** The small grammar of variables. Placeholders bind as values, never as text. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: number | string }
  | { readonly kind: 'placeholder'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly else: Expression }

/** In UTF-16 units. A longer text is no expression. */
export const maxExpressionLength = 4000
/** How deep parentheses, signs and choices may nest. A deeper text is no expression. */
export const maxExpressionDepth = 64

/**
 * The text as an expression, or `null` when it is none; it is a template then. Only placeholders of `names` are known. A literal text stands
 * in single quotes, in which `\'` and `\\` are a quote and a backslash.
 */
export function parseExpression(text: string, names: ReadonlySet<string>, form: PlaceholderForm = '$$'): Expression | null {
  if (text.length > maxExpressionLength) return null
  try {
    return new Parser(text, names, form).whole()
  } catch (error) {
    if (error === noExpression) return null
    throw error
  }
}

/** Names in the order in which they occur, each once. */
export function namesInExpression(expression: Expression): string[] {
  const names = new Set<string>()
  const visit = (part: Expression): void => {
    switch (part.kind) {
      case 'literal': return
      case 'placeholder': names.add(part.name); return
      case 'unary': visit(part.operand); return
      case 'binary': visit(part.left); visit(part.right); return
      case 'conditional': visit(part.test); visit(part.then); visit(part.else)
    }
  }
  visit(expression)
  return [...names]
}

const noExpression = new Error('no expression')

/** From what binds least to what binds most; each level groups from the left. */
const levels: readonly (readonly BinaryOperator[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']]

class Parser {
  #at = 0
  #depth = 0

  constructor(private readonly text: string, private readonly names: ReadonlySet<string>, private readonly form: PlaceholderForm) {}

  whole(): Expression {
    const expression = this.#conditional()
    this.#skipSpace()
    if (this.#at < this.text.length) throw noExpression
    return expression
  }

  #conditional(): Expression {
    return this.#nested(() => {
      const test = this.#binary(0)
      if (!this.#take('?')) return test
      const then = this.#conditional()
      if (!this.#take(':')) throw noExpression
      return { kind: 'conditional', test, then, else: this.#conditional() }
    })
  }

  #binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = operators.find(candidate => this.#take(candidate))
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) }
    }
  }

  #unary(): Expression {
    return this.#nested(() => {
      if (this.#take('!')) return { kind: 'unary', operator: '!', operand: this.#unary() }
      if (this.#take('-')) return { kind: 'unary', operator: '-', operand: this.#unary() }
      return this.#primary()
    })
  }

  #primary(): Expression {
    if (this.#take('(')) {
      const inner = this.#conditional()
      if (!this.#take(')')) throw noExpression
      return inner
    }
    this.#skipSpace()
    const placeholder = matchPlaceholder(this.text, this.#at, this.names, this.form)
    if (placeholder) {
      this.#at = placeholder.end
      return { kind: 'placeholder', name: placeholder.name }
    }
    return { kind: 'literal', value: this.text[this.#at] === '\'' ? this.#quoted() : this.#number() }
  }

  #number(): number {
    const digits = /^\d+(?:\.\d+)?/.exec(this.text.slice(this.#at, this.#at + 30))?.[0]
    if (digits === undefined) throw noExpression
    this.#at += digits.length
    return Number(digits)
  }

  #quoted(): string {
    let value = ''
    for (let at = this.#at + 1; at < this.text.length; at++) {
      if (this.text[at] === '\'') {
        this.#at = at + 1
        return value
      }
      const isEscape = this.text[at] === '\\' && (this.text[at + 1] === '\'' || this.text[at + 1] === '\\')
      if (isEscape) at++
      value += this.text.charAt(at)
    }
    throw noExpression
  }

  #take(token: string): boolean {
    this.#skipSpace()
    if (!this.text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #skipSpace(): void {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at++
  }

  #nested(parse: () => Expression): Expression {
    // Each parenthesis takes two levels: the choice in it and the sign in front of it.
    if (++this.#depth > maxExpressionDepth * 2) throw noExpression
    const expression = parse()
    this.#depth--
    return expression
  }
}
