import { randomUUID } from 'node:crypto'
import { activityId, CrmError, type Activity, type ActivityRef, type AdapterContext, type CallLog, type ExternalId } from '@linefinder/core'
import type { MethodName } from '../description.js'
import type { DocumentMethods } from '../methods.js'
import type { Captured } from '../response.js'
import { logParameters, parametersOf, touchedBy } from './log-parameters.js'
import { idIn, oneOf, recordsOf } from './records.js'

interface Telling {
  /** The parameters that are told; `null`: all. */
  readonly touched: ReadonlySet<string> | null
  /** Of the requests of one operation, which have one key. */
  readonly isFirst: boolean
}

/** Call logs of a document: made by `CreateActivity`, brought up to date by `UpdateActivity`, and ended by `StopCallActivity`. */
export class CallLogs {
  /** The text of the activity can be read back, so the server may compose it. */
  readonly hasBody: boolean
  /** What `UpdateActivity` tells and `CreateActivity` does not. */
  readonly #toldLater: readonly string[]

  constructor(private readonly methods: DocumentMethods) {
    this.hasBody = methods.gives('GetActivity', 'description') && (['CreateActivity', 'UpdateActivity'] as const).some(name => methods.sentBy(name).has('description'))
    this.#toldLater = [...methods.sentBy('UpdateActivity')].filter(name => name in logParameters && !methods.sentBy('CreateActivity').has(name))
  }

  /** One call can take several requests. */
  get createsInSteps(): boolean {
    return this.methods.has('StopCallActivity') || this.#toldLater.length > 0
  }

  async create(ctx: AdapterContext, log: CallLog): Promise<ActivityRef> {
    const parameters = parametersOf(log, ctx)
    const id = oneOf(await this.methods.call(ctx, 'CreateActivity', parameters), 'activity_id').text('activity_id')
    const ref = { id: activityId.parse(id) }
    // A subject that is made up is no better than the document's own.
    const later = this.#toldLater.filter(name => parameters[name] !== undefined && (name !== 'subject' || log.subject !== undefined))
    try {
      if (later.length > 0) await this.#tell(ctx, 'UpdateActivity', ref, log, { touched: new Set(later), isFirst: false })
      if (isOver(log) && this.methods.has('StopCallActivity')) await this.#tell(ctx, 'StopCallActivity', ref, log, { touched: null, isFirst: false })
    } catch (error) {
      if (!(error instanceof CrmError)) throw error
      const { code, crmStatus, retryAfterMs, detail, cause } = error
      throw new CrmError(code, { crmStatus, retryAfterMs, detail, cause, created: ref })
    }
    return ref
  }

  async update(ctx: AdapterContext, ref: ActivityRef, log: CallLog, changed: readonly (keyof CallLog)[]): Promise<void> {
    const touched = touchedBy(changed, log, { hasBody: this.hasBody, hasMadeSubject: this.methods.sentBy('CreateActivity').has('subject') })
    const concerned = (['UpdateActivity', 'StopCallActivity'] as const).filter(name =>
      [...this.methods.sentBy(name)].some(parameter => touched.has(parameter)) && (name === 'UpdateActivity' || isOver(log)))
    for (const [index, name] of concerned.entries()) await this.#tell(ctx, name, ref, log, { touched, isFirst: index === 0 })
  }

  async get(ctx: AdapterContext, ref: ActivityRef): Promise<Activity | null> {
    const record = await this.#look(ctx, 'GetActivity', { activity_id: ref.id })
    if (!record) return null
    const [subject, description, disposition] = ['subject', 'description', 'disposition'].map(name => record.get(name))
    const contactId = idIn(record)
    return {
      ref,
      ...(subject === undefined ? {} : { subject: String(subject) }),
      ...(description === undefined ? {} : { [this.hasBody ? 'body' : 'note']: String(description) }),
      ...(contactId === undefined ? {} : { contactId }),
      ...(disposition === undefined ? {} : { disposition: String(disposition) }),
    }
  }

  async find(ctx: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null> {
    const record = await this.#look(ctx, 'FindActivity', { external_id: externalId })
    const id = record?.text('activity_id')
    return id === undefined ? null : { id: activityId.parse(id) }
  }

  async #tell(ctx: AdapterContext, name: MethodName, ref: ActivityRef, log: CallLog, { touched, isFirst }: Telling): Promise<void> {
    const { verb, clears = false } = this.methods.find(name) ?? {}
    const isTouched = (names: readonly string[]): boolean => touched !== null && names.some(each => touched.has(each))
    const parameters = parametersOf(log, ctx)
    await this.methods.call(ctx, name, { ...parameters, activity_id: ref.id, description: parameters['description'] ?? (touched?.has('description') === true ? '' : undefined) }, {
      // By the key of the request before, the CRM would answer with what that one did. This one sets what is, so it may come twice.
      ...(isFirst ? {} : { idempotencyKey: randomUUID() }),
      isLeftOut: names => {
        const told = this.#logParametersIn(names)
        // PUT takes the whole record.
        return verb !== 'PUT' && touched !== null && told.length > 0 && !isTouched(told)
      },
      whenMissing: names => clears && isTouched(this.#logParametersIn(names)) ? null : undefined,
    })
  }

  #logParametersIn(names: readonly string[]): string[] {
    return names.flatMap(name => this.methods.names.parametersIn(name)).filter(name => name in logParameters)
  }

  async #look(ctx: AdapterContext, name: MethodName, parameters: Readonly<Record<string, string>>): Promise<Captured | null> {
    try {
      const answer = await this.methods.call(ctx, name, parameters)
      // A CRM may compare our id as a part of a text.
      const isMeant = (record: Captured) => Object.entries(parameters).every(([key, value]) => String(record.get(key) ?? value) === value)
      const found = recordsOf(answer).filter(isMeant)
      if (found[0] === undefined && answer.records === null) throw new CrmError('bad_response', { detail: `The CRM’s answer to ${name} tells nothing of the activity.` })
      if (found[0] && name === 'FindActivity') oneOf({ fields: found[0], records: null }, 'activity_id')
      return found[0] ?? null
    } catch (error) {
      if (error instanceof CrmError && error.code === 'not_found') return null
      throw error
    }
  }
}

const isOver = ({ endedAt, result }: CallLog): boolean => endedAt !== undefined || result !== undefined
