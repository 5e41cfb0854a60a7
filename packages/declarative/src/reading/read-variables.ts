import type { Variable } from '../description.js'
import { maxExpressionLength, namesInExpression } from '../expression.js'
import { namesInTemplate } from '../template.js'
import type { Findings } from './findings.js'
import { kindOf, type Place, type StringPlace } from './json-source.js'
import type { Texts } from './texts.js'

interface Read {
  readonly variable: Variable
  readonly place: Place
  readonly reads: readonly string[]
}

/** Each after those that it reads. Those that go round in circles are refused. */
export function readVariables(variables: readonly { readonly name: string; readonly place: Place }[], texts: Texts, findings: Findings): Variable[] {
  const read = new Map(variables.flatMap(({ name, place }) => {
    const value = readVariable(name, place, texts, findings)
    return value ? [[name, value] as const] : []
  }))
  const sorted: Variable[] = []
  const done = new Set<string>()
  const visit = (name: string, way: readonly string[]): void => {
    const each = read.get(name)
    if (!each || done.has(name)) return
    if (way.includes(name)) {
      done.add(name)
      findings.error('circle', each.place.path, `"${name}" is computed from itself: ${[...way.slice(way.indexOf(name)), name].join(', which reads ')}.`)
      return
    }
    for (const next of each.reads) visit(next, [...way, name])
    if (done.has(name)) return
    done.add(name)
    sorted.push(each.variable)
  }
  for (const name of read.keys()) visit(name, [])
  return sorted
}

function readVariable(name: string, place: Place, texts: Texts, findings: Findings): Read | null {
  if (place.type === 'number') return { variable: { name, value: { kind: 'expression', expression: { kind: 'literal', value: place.value } } }, place, reads: [] }
  if (place.type !== 'string') {
    findings.error('not_a_text', place.path, `The variable "${name}" is ${kindOf(place)}; it must be a text, such as "$call_duration$ * 1000".`)
    return null
  }
  const expression = texts.expression(place)
  if (expression) {
    const reads = namesInExpression(expression)
    texts.noteVariable(name, reads)
    return { variable: { name, value: { kind: 'expression', expression } }, place, reads }
  }
  const template = texts.template(place, 'request')
  warnOfMeantExpression(name, place, findings)
  const reads = namesInTemplate(template)
  texts.noteVariable(name, reads)
  return { variable: { name, value: { kind: 'template', template } }, place, reads }
}

function warnOfMeantExpression(name: string, place: StringPlace, findings: Findings): void {
  const reason = place.value.length > maxExpressionLength ? 'it is too long.' : meantFor(place.value)
  if (reason === null) return
  findings.warn('no_expression', place.path, `"${name}" looks like something to compute and cannot be computed, so it is a text with placeholders: ${reason}`)
}

function meantFor(text: string): string | null {
  if (/[A-Za-z_]\w*\(/.test(text)) return 'there are no functions.'
  if (/===|!==/.test(text)) return 'it is == and !=.'
  if (/(^|[^=!<>])=($|[^=])/.test(text) && text.includes('?')) return 'it is == to compare.'
  if (/ (and|or|not) /i.test(text) && text.includes('?')) return 'it is &&, || and !.'
  if (text.includes('"') && /[?+=]/.test(text)) return 'texts stand in single quotes.'
  if (/==|!=|&&|\|\||[<>]=/.test(text) || / [*/%] /.test(text) || /^\s*'.*'\s*$/.test(text)) return 'something in it is no number, \'text\', known placeholder or operator (+ - * / % == != < <= > >= && || ! ?: and parentheses).'
  return null
}
