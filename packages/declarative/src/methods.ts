import { CrmError, type AdapterContext } from '@linefinder/core'
import type { BuiltRequest, RequestRules } from './request.js'
import { RequestPlan } from './request.js'
import type { Description, Method, MethodName, Template, ValueTemplate } from './description.js'
import { evaluate, isTrue } from './evaluate.js'
import { Captured, ResponsePlan, type Answer } from './response.js'
import { Names, Values, type Parameters } from './values.js'

export interface CallRules extends RequestRules {
  /** In place of the operation's own, where several requests have a deadline together. */
  readonly signal?: AbortSignal
  /** In place of the operation's own, for a POST that is not what the operation creates. */
  readonly idempotencyKey?: string
}

interface Plan {
  readonly method: Method
  readonly request: RequestPlan
  readonly response: ResponsePlan | null
  readonly isOwn: boolean
  readonly sent: ReadonlySet<string>
}

const nothing: Answer = { fields: new Captured(), records: null }

/** A document's methods, ready to be called. All of the document's texts have been taken apart before. */
export class DocumentMethods {
  readonly names: Names
  readonly #plans: ReadonlyMap<MethodName, Plan>
  readonly #credentialHosts: readonly Template[]

  constructor(readonly description: Description) {
    this.names = new Names(description)
    this.#credentialHosts = description.credentialHosts ?? []
    const methods = Object.values(description.methods).filter(method => method !== undefined)
    this.#plans = new Map(methods.map(method => [method.name, {
      method,
      request: new RequestPlan(method),
      response: method.response === null ? null : new ResponsePlan(method.response, this.names),
      isOwn: description.resourceUrl !== null && headOf(method.url) === headOf(description.resourceUrl),
      sent: new Set([method.query, method.body].flatMap(part => part === null ? [] : namesIn(part)).flatMap(name => this.names.parametersIn(name))),
    }]))
  }

  has(name: MethodName): boolean {
    return this.#plans.has(name)
  }

  find(name: MethodName): Method | undefined {
    return this.#plans.get(name)?.method
  }

  /** The parameters that a method sends in its query and body, also by way of variables. */
  sentBy(name: MethodName): ReadonlySet<string> {
    return this.#plans.get(name)?.sent ?? new Set()
  }

  /** Whether a method's answers give a value for the parameter. */
  gives(name: MethodName, parameter: string): boolean {
    const response = this.#plans.get(name)?.response
    return response?.captures(parameter) ?? false
  }

  /**
   * Sends one request and reads its answer. Throws `CrmError('unsupported')` when the document has no such method, `rejected` naming the
   * parameter when the address needs a value that is missing, and whatever `ctx.http` throws.
   */
  async call(ctx: AdapterContext, name: MethodName, parameters: Parameters, rules: CallRules = {}): Promise<Answer> {
    const plan = this.#plans.get(name)
    if (!plan) throw new CrmError('unsupported', { detail: `The document has no ${name}.` })
    const values = this.valuesFor(ctx.connection, parameters, plan.method.allowsQuotes)
    const data = await this.#send(ctx, plan, plan.request.build(values, rules), rules)
    return plan.response ? this.#matching(plan.method, plan.response.read(data)) : nothing
  }

  valuesFor({ hostname, settings, secrets = {} }: Installed, parameters: Parameters, allowsQuotes = false): Values {
    return new Values(this.names, { parameters, properties: { ...propertiesIn(settings), ...secrets }, hostname, allowsQuotes })
  }

  /** Other hosts that the document's author lets have the credentials. */
  credentialHosts(installation: Installed): string[] {
    const values = this.valuesFor(installation, {})
    return this.#credentialHosts.flatMap(template => {
      const host = template.map(part => typeof part === 'string' ? part : values.valueOf(part.name) ?? '').join('')
      return /^[\w.-]+(:\d{1,5})?$/.test(host) ? [host] : []
    })
  }

  async #send(ctx: AdapterContext, { method, isOwn }: Plan, { verb, address, headers, data }: BuiltRequest, rules: CallRules): Promise<unknown> {
    const isHere = address.host === hostOf(ctx.connection.hostname)
    if (!isHere && isOwn) {
      throw new CrmError('address_refused', { detail: `The document’s ${method.name} leads to ${address.host}, which is not the installation’s host.` })
    }
    const response = await ctx.http.request<unknown>({
      method: verb, url: isHere ? address.path : `${address.origin}${address.path}`, signal: rules.signal ?? ctx.signal,
      // It is text already; axios would parse it to see whether it is JSON.
      ...(data === undefined ? {} : { data, transformRequest: (body: unknown) => body }),
      headers: rules.idempotencyKey === undefined || verb !== 'POST' ? headers : { ...headers, 'Idempotency-Key': rules.idempotencyKey },
    })
    return response.data
  }

  #matching({ hit }: Method, answer: Answer): Answer {
    if (hit === null || answer.records === null) return answer
    const isHit = (record: Captured) => isTrue(evaluate(hit, { allowsQuotes: true, valueOf: name => record.get(name) ?? answer.fields.get(name) ?? null }))
    return { ...answer, records: answer.records.filter(isHit) }
  }
}

/** What is known of an installation: secrets only while its CRM is asked. */
export interface Installed {
  readonly hostname: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
}

function propertiesIn({ properties }: Readonly<Record<string, unknown>>): object {
  return typeof properties === 'object' && properties !== null ? properties : {}
}

/** As `URL` spells it: without the port that is understood, and in small letters. */
const hostOf = (hostname: string): string =>
  /^[a-z0-9.-]+(:(?!443$|80$)[1-9]\d*)?$/.test(hostname) || !URL.canParse(`https://${hostname}`) ? hostname : new URL(`https://${hostname}`).host

/** What stands in front of the first slash. */
function headOf(template: Template): string {
  const text = template.map(part => typeof part === 'string' ? part : `\0${part.name}\0`).join('')
  return /^(?:[a-z]+:\/\/)?[^/?#]*/i.exec(text)?.[0] ?? ''
}

function namesIn(template: ValueTemplate): string[] {
  switch (template.kind) {
    case 'constant': return []
    case 'value': return [template.name]
    case 'text': return template.template.flatMap(part => typeof part === 'string' ? [] : [part.name])
    case 'array': return template.items.flatMap(namesIn)
    case 'object': return template.members.flatMap(([, member]) => namesIn(member))
  }
}
