import { knownParameters } from './catalogue.js'
import type { Description, ParameterType, Variable } from './description.js'
import { evaluate, type Scope } from './evaluate.js'
import { namesInExpression } from './expression.js'
import { toSent, type Scalar } from './scalar.js'
import { namesInTemplate } from './template.js'
import { fillText } from './text.js'

/** A call's values by the names of parameters. What is not there has no value. */
export type Parameters = Readonly<Record<string, Scalar | undefined>>

/** All names of a document, found once. */
export class Names {
  readonly #variables: ReadonlyMap<string, Variable['value']>
  readonly #properties: ReadonlySet<string>
  /** The parameters that a variable comes from in the end. */
  readonly #sources = new Map<string, readonly string[]>()

  constructor(readonly description: Description) {
    this.#variables = new Map(description.variables.map(({ name, value }) => [name, value]))
    this.#properties = new Set(description.properties.map(({ name }) => name))
    // Variables use earlier ones only.
    for (const { name, value } of description.variables) {
      const used = value.kind === 'expression' ? namesInExpression(value.expression) : namesInTemplate(value.template)
      this.#sources.set(name, [...new Set(used.flatMap(each => this.parametersIn(each)))])
    }
  }

  variable(name: string): Variable['value'] | undefined {
    return this.#variables.get(name)
  }

  isProperty(name: string): boolean {
    return this.#properties.has(name)
  }

  /** The parameters behind a name: those of a variable, none of a property. */
  parametersIn(name: string): readonly string[] {
    return this.#sources.get(name) ?? (this.#properties.has(name) ? [] : [name])
  }

  typeOf(name: string): ParameterType {
    const { types } = this.description
    return (Object.hasOwn(types, name) ? types[name] : undefined) ?? (Object.hasOwn(knownParameters, name) ? knownParameters[name] : undefined) ?? 'string'
  }
}

export interface ValueSources {
  readonly parameters: Parameters
  /** Of the installation, secret ones too. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly hostname: string
  readonly allowsQuotes?: boolean
}

/** What names stand for in one request. */
export class Values implements Scope {
  readonly #known = new Map<string, Scalar | null>()

  constructor(readonly names: Names, private readonly sources: ValueSources) {}

  get allowsQuotes(): boolean {
    return this.sources.allowsQuotes ?? false
  }

  /** A variable, else a property, else a parameter, in its type. `null`: there is no value. */
  valueOf(name: string): Scalar | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const value = this.#find(name)
    this.#known.set(name, value)
    return value
  }

  #find(name: string): Scalar | null {
    const variable = this.names.variable(name)
    if (variable?.kind === 'expression') return evaluate(variable.expression, this)
    if (variable) return fillText(variable.template, this)
    if (this.names.isProperty(name)) return scalarIn(this.sources.properties, name)
    const value = name === 'hostname' ? this.sources.hostname : scalarIn(this.sources.parameters, name)
    return value === null ? null : toSent(value, this.names.typeOf(name))
  }
}

function scalarIn(record: Readonly<Record<string, unknown>>, name: string): Scalar | null {
  const value = Object.hasOwn(record, name) ? record[name] : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
