import { z } from 'zod'
import { contact, CrmError, type AdapterContext, type Contact, type ContactId, type ContactInput, type CrmAdapter } from '@linefinder/core'
import type { ContactMatch, LookupItem, LookupResult } from '@linefinder/core/api'
import { parsePhone, parsePhones, rank, type MatchKind, type PhoneOptions } from '@linefinder/core/phone'
import { contactLagMsOf } from '../crm/contact-lag.js'
import type { CallOptions } from '../crm/crm-gateway.js'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import { DirectoryLookup, type DirectoryHit } from '../directory/directory-lookup.js'
import type { DirectoryService } from '../directory/directory-service.js'
import type { Caller, CallerDirectory } from '../http/caller.js'
import { problemCodeOf } from '../http/problem.js'
import { wrongField } from '../http/wrong-field.js'
import type { LookupOutcome } from '../metrics/metrics.js'
import { Turns } from '../turns.js'
import type { WebhookEvents } from '../webhooks/webhook-service.js'
import { within } from '../within.js'
import { WorkUnderWay } from '../work-under-way.js'
import { defaultSearchFigures, distinctById, LiveSearch, type SearchFigures } from './live-search.js'
import type { LookupConnection } from './lookup-connection.js'
import { forgetNumbers, noteCreated } from './lookup-statements.js'
import { directoryKeysOf, readQuestion, type Asked, type Question } from './question.js'

export type LookupOptions = Pick<CallOptions, 'requestId' | 'log' | 'about' | 'signal'>

/** How long to wait for an answer, and whether only the CRM's own counts. */
export interface LookupPatience {
  readonly deadlineMs: number
  readonly fresh: boolean
}

type TellOfContact = (crm: CrmAdapter, ctx: AdapterContext, input: ContactInput) => Promise<Contact>
const tellOfContact: TellOfContact = (crm, ctx, input) => crm.createContact(ctx, input)

const maxNames = 50
const maxContacts = 50
const nameDeadlineMs = 5000
/** Of one request in bulk, asked of the CRM at a time. */
const liveAtOnce = 4

/** Who has this number: from the directory, else asked of the CRM and checked again here. */
export class ContactService {
  readonly #work = new WorkUnderWay()
  readonly #directory: DirectoryLookup
  readonly #live: LiveSearch

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'links' | 'gateway' | 'metrics'> & { readonly directories: DirectoryService; readonly webhooks: WebhookEvents },
    figures: Partial<SearchFigures> = {},
  ) {
    this.#directory = new DirectoryLookup(deps.database)
    this.#live = new LiveSearch(deps, this.#work, { ...defaultSearchFigures, ...figures })
  }

  /**
   * Contacts with this number in any spelling, best first. When the CRM has not answered by the deadline the answer is pending,
   * and the search goes on. Throws `invalid_fields` for what is no number or no country, and `CrmError`.
   */
  async lookUp(caller: Caller, asked: Asked, patience: LookupPatience, options: LookupOptions): Promise<LookupResult> {
    const question = readQuestion(asked, phoneOptionsOf(caller.connection.settings))
    if (question.wrong) {
      this.deps.metrics.countLookup('none', 'invalid')
      throw wrongField('query', question.wrong.field, question.wrong.message)
    }
    return this.#counted(() => this.#answer(caller.connection, question, patience, options))
  }

  /** The same for the server's own needs, uncounted. A text that is no number belongs to nobody. */
  async findOwners(connection: LookupConnection, asked: Asked, patience: LookupPatience, options: LookupOptions): Promise<LookupResult> {
    const question = readQuestion(asked, phoneOptionsOf(connection.settings))
    return question.wrong ? nobody(question, null) : this.#answer(connection, question, patience, options)
  }

  /** The same for many, in the order asked. One that is wrong, or that the CRM fails on, says so in its place. */
  async lookUpMany(caller: Caller, asked: readonly Asked[], deadlineMs: number, options: LookupOptions): Promise<LookupItem[]> {
    const endsAt = Date.now() + deadlineMs
    const turns = new Turns(liveAtOnce)
    return Promise.all(asked.map(async (one): Promise<LookupItem> => {
      const question = readQuestion(one, phoneOptionsOf(caller.connection.settings))
      if (question.wrong) {
        const { field, message } = question.wrong
        this.deps.metrics.countLookup('none', 'invalid')
        return { ...nobody(question, null), phone: one.text, status: 'invalid', error: { code: 'invalid_fields', message: `${field.slice(1)} ${message}` } }
      }
      try {
        const answer = await this.#counted(async () => await this.#answerAtOnce(caller.connection, question)
          ?? turns.take(() => this.#answer(caller.connection, question, { deadlineMs: Math.max(0, endsAt - Date.now()), fresh: false }, options)))
        return { ...answer, phone: one.text }
      } catch (error) {
        if (!(error instanceof CrmError)) throw error
        return { ...nobody(question, null), phone: one.text, status: 'failed', error: { code: problemCodeOf(error), message: error.message } }
      }
    }))
  }

  /** Contacts with this in their name, in the CRM's order. Throws `CrmError('unsupported')` where the adapter cannot search by name. */
  async findByName({ connection }: Caller, name: string, options: LookupOptions): Promise<LookupResult> {
    const found = await this.deps.gateway.call(connection, { ...options, deadlineMs: nameDeadlineMs }, z.array(contact), (crm, ctx) => {
      if (!crm.searchContacts) throw new CrmError('unsupported')
      return crm.searchContacts(ctx, name, maxNames)
    })
    const contacts = distinctById(found).slice(0, maxNames).map(each => this.#withUrl(connection, each))
    return this.#withCompanies(connection, { status: 'complete', contacts, isAmbiguous: contacts.length > 1, number: null, source: 'crm', ageSeconds: 0 })
  }

  /** It is found at once, whatever the CRM's own index lags behind. `tell`: how the CRM is told of it, where a surface knows more than `input`. */
  async create({ connection }: Caller, input: ContactInput, options: LookupOptions, tell?: TellOfContact): Promise<ContactMatch> {
    return this.#withUrl(connection, await this.createOver(connection, input, options, tell))
  }

  /** The same for the server's own needs. */
  async createOver(connection: LookupConnection, input: ContactInput, options: CallOptions, tell: TellOfContact = tellOfContact): Promise<Contact> {
    const normalised = { ...input, phone: normalisePhone(input.phone, phoneOptionsOf(connection.settings)) }
    const created = await this.deps.gateway.call(connection, options, contact, (crm, ctx) => tell(crm, ctx, normalised))
    await this.#note(connection, created)
    await this.deps.webhooks.emit(connection.tenantId, {
      type: 'contact.created', timestamp: new Date().toISOString(), data: { connectionId: connection.id, crmAccountId: connection.crmAccountId, contactId: created.id },
    })
    return created
  }

  /** Throws `CrmError('unsupported')` where the adapter cannot. */
  async addNumber({ connection }: Caller, id: ContactId, phone: { number: string; label?: string | undefined }, options: LookupOptions): Promise<ContactMatch> {
    const normalised = { ...phone, number: normalisePhone(phone.number, phoneOptionsOf(connection.settings)) }
    const changed = await this.deps.gateway.call(connection, options, contact, (crm, ctx) => {
      if (!crm.addContactNumber) throw new CrmError('unsupported')
      return crm.addContactNumber(ctx, id, normalised)
    })
    await this.#note(connection, changed)
    return this.#withUrl(connection, changed)
  }

  /** Resolves once no search goes on. */
  async idle(): Promise<void> {
    await this.#work.idle()
  }

  async #counted(look: () => Promise<LookupResult>): Promise<LookupResult> {
    try {
      const result = await look()
      this.deps.metrics.countLookup(result.source ?? 'none', outcomeOf(result))
      return result
    } catch (error) {
      this.deps.metrics.countLookup(error instanceof CrmError ? 'crm' : 'none', 'failed')
      throw error
    }
  }

  async #answer(connection: LookupConnection, question: Question, { deadlineMs, fresh }: LookupPatience, options: LookupOptions): Promise<LookupResult> {
    const known = fresh ? null : await this.#answerAtOnce(connection, question)
    if (known) return known
    if (question.reason) return nobody(question, null)
    const answer = await within(deadlineMs, this.#live.find(connection, question, fresh, options))
    if (answer === null) return { ...nobody(question, null), status: 'pending' }
    return this.#withCompanies(connection, this.#result(connection, question, answer.contacts, answer.source, answer.ageSeconds))
  }

  /** What needs no CRM: a caller who withholds the number, one of our own, and what the directory knows. */
  async #answerAtOnce(connection: LookupConnection, question: Question): Promise<LookupResult | null> {
    if (question.reason) return nobody(question, null)
    const { directory } = connection
    if (!directory) return null
    const hits = await this.#directory.find(directory.id, directoryKeysOf(question))
    const [only] = hits
    const ageSeconds = ageOf(directory)
    if (hits.length === 1 && only && isSure(only, question)) {
      const contacts = [this.#toMatch(connection, only.contact, only.number, 'e164')]
      return this.#withCompanies(connection, { status: 'complete', contacts, isAmbiguous: false, number: question.e164, source: 'directory', ageSeconds })
    }
    const result = this.#result(connection, question, distinctById(hits.map(hit => hit.contact)), 'directory', ageSeconds)
    return result.contacts.length > 0 || directory.answersMisses ? this.#withCompanies(connection, result) : null
  }

  /** With the names of companies that the CRM gave only the ids of, as far as the directory has them. */
  async #withCompanies({ directory }: LookupConnection, result: LookupResult): Promise<LookupResult> {
    const ids = result.contacts.flatMap(({ companyId, companyName }) => companyId !== undefined && companyName === undefined ? companyId : [])
    if (!directory || ids.length === 0) return result
    const names = await this.#directory.namesOf(directory.id, ids)
    const contacts = result.contacts.map(each => {
      const name = each.companyId === undefined ? undefined : names.get(each.companyId)
      return name === undefined || each.companyName !== undefined ? each : { ...each, companyName: name }
    })
    return { ...result, contacts }
  }

  #result(connection: LookupConnection, question: Question, found: readonly Contact[], source: NonNullable<LookupResult['source']>, ageSeconds: number): LookupResult {
    const { matches, isAmbiguous } = rank(question, found, phoneOptionsOf(connection.settings))
    const contacts = matches.slice(0, maxContacts).map(({ candidate, matchedNumber, match }) => this.#toMatch(connection, candidate, matchedNumber, match))
    return { ...nobody(question, source), contacts, isAmbiguous, ageSeconds }
  }

  /** The number is known from now on, to every process and to every connection of the account that may know it. */
  async #note(connection: LookupConnection, noted: Contact): Promise<void> {
    const { database, adapters, directories } = this.deps
    const { tenantId, crmAccountId, id: connectionId } = connection
    const phone = phoneOptionsOf(connection.settings)
    const numbers = noted.phones.flatMap(({ number }) => parsePhones(number, phone).map(parsed => parsed.ok ? parsed.e164 : number.trim()))
    const seconds = contactLagMsOf(adapters.get(connection.tenantId, connection.adapter)) / 1000
    await directories.note(connection, noted)
    await noteCreated(database, { tenantId, crmAccountId, connectionId, numbers: [...new Set(numbers)], contact: noted, seconds })
    await forgetNumbers(database, crmAccountId, numbers)
  }

  #toMatch(connection: LookupConnection, each: Contact, matchedNumber: string, match: MatchKind): ContactMatch {
    return { matchedNumber, match, ...this.#withUrl(connection, each) }
  }

  #withUrl(connection: LookupConnection, each: Contact): ContactMatch {
    return { ...this.deps.links.toContact(connection, each.id), ...each }
  }
}

/** Found by its own E.164, and no extension speaks against it: the engine would say the same. */
const isSure = ({ key, extension }: DirectoryHit, question: Question): boolean =>
  question.parsed.ok && key === question.parsed.e164 && (extension === null || question.extension === null || extension === question.extension)

const nobody = ({ e164, reason }: Question, source: LookupResult['source']): LookupResult =>
  ({ status: 'complete', contacts: [], isAmbiguous: false, number: e164, source, ageSeconds: 0, ...(reason === null ? {} : { reason }) })

const outcomeOf = ({ status, contacts }: LookupResult): LookupOutcome =>
  status === 'pending' ? 'pending' : contacts.length > 0 ? 'hit' : 'miss'

const ageOf = ({ syncedAt }: CallerDirectory): number => syncedAt === null ? 0 : Math.max(0, Math.round((Date.now() - syncedAt.getTime()) / 1000))

/** E.164, unless the number is not certain or has an extension, which E.164 would lose. */
function normalisePhone(text: string, phone: PhoneOptions): string {
  const parsed = parsePhone(text, phone)
  return parsed.ok && parsed.isValid && parsed.extension === null ? parsed.e164 : text
}
