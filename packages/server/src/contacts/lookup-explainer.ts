import { z } from 'zod'
import { contact, CrmError, type Contact, type ProblemCode } from '@linefinder/core'
import type { LookupExplanation } from '@linefinder/core/api'
import { rank, type PhoneOptions } from '@linefinder/core/phone'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import { DirectoryLookup } from '../directory/directory-lookup.js'
import type { Caller, CallerConnection } from '../http/caller.js'
import { problemCodeOf } from '../http/problem.js'
import { wrongField } from '../http/wrong-field.js'
import type { LookupOptions } from './contact-service.js'
import { distinctById } from './live-search.js'
import { findCreated } from './lookup-statements.js'
import { directoryKeysOf, readQuestion, toPhoneQuery, type Asked, type Question } from './question.js'

type Explained = LookupExplanation['created']

interface Searched {
  readonly contacts: readonly Contact[]
  readonly milliseconds: number
  readonly error: ProblemCode | null
}

const deadlineMs = 20_000

/** Says how a lookup comes to its answer. */
export class LookupExplainer {
  readonly #directory: DirectoryLookup

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway'>) {
    this.#directory = new DirectoryLookup(deps.database)
  }

  /** Asks the directory and the CRM, and stores nothing. Throws `invalid_fields` for what is no number or no country. */
  async explain({ connection }: Caller, asked: Asked, options: LookupOptions): Promise<LookupExplanation> {
    const phone = phoneOptionsOf(connection.settings)
    const question = readQuestion(asked, phone)
    if (question.wrong) throw wrongField('query', question.wrong.field, question.wrong.message)
    const search = this.deps.adapters.get(connection.tenantId, connection.adapter).phoneSearch ?? 'e164'
    const keys = directoryKeysOf(question)
    const known = connection.directory && distinctById((await this.#directory.find(connection.directory.id, keys)).map(hit => hit.contact))
    const created = await findCreated(this.deps.database, connection.id, question.e164 ?? question.raw.trim())
    const query = toPhoneQuery(question, search, phone)
    const searched = question.reason === null ? await this.#ask(connection, query, options) : null
    const [ofDirectory, ofCrm] = [rank(question, known ?? [], phone), rank(question, distinctById([...created, ...searched?.contacts ?? []]), phone)]
    const isDirectory = question.reason === null && connection.directory !== null && (ofDirectory.matches.length > 0 || connection.directory.answersMisses)
    const answer = isDirectory ? ofDirectory : ofCrm
    const answeredBy = question.reason !== null ? null : isDirectory ? 'directory' : 'crm'
    return {
      number: question.e164, extension: question.extension, isValid: question.parsed.ok && question.parsed.isValid, reason: question.reason,
      directory: connection.directory && {
        keys, contacts: explained(question, known ?? [], phone, ofDirectory.matches),
        answersMisses: connection.directory.answersMisses, syncedAt: connection.directory.syncedAt?.toISOString() ?? null,
      },
      crm: searched && { search: typeof search === 'string' ? search : JSON.stringify(search), variants: [...query.variants], contacts: explained(question, searched.contacts, phone, ofCrm.matches), milliseconds: searched.milliseconds, error: searched.error },
      created: explained(question, created, phone, ofCrm.matches),
      answeredBy, isAmbiguous: answer.isAmbiguous,
      summary: summaryOf(question, answer.matches.length, answer.isAmbiguous, answeredBy, searched?.error ?? null),
    }
  }

  async #ask(connection: CallerConnection, query: ReturnType<typeof toPhoneQuery>, options: LookupOptions): Promise<Searched> {
    const startedAt = Date.now()
    try {
      const contacts = await this.deps.gateway.call(connection, { ...options, deadlineMs }, z.array(contact), (crm, ctx) => crm.findContact(ctx, query))
      return { contacts, milliseconds: Date.now() - startedAt, error: null }
    } catch (error) {
      if (!(error instanceof CrmError)) throw error
      return { contacts: [], milliseconds: Date.now() - startedAt, error: problemCodeOf(error) }
    }
  }
}

/** Each for itself, so that also what others put into the shade says how it agrees. */
const explained = (question: Question, contacts: readonly Contact[], phone: PhoneOptions, answered: readonly { candidate: { id?: unknown } }[]): Explained =>
  contacts.map(each => {
    const own = rank(question, [each], phone).matches[0]
    return { id: each.id, match: own?.match ?? null, matchedNumber: own?.matchedNumber ?? null, isAnswered: answered.some(({ candidate }) => candidate.id === each.id) }
  })

function summaryOf({ reason }: Question, count: number, isAmbiguous: boolean, by: LookupExplanation['answeredBy'], error: ProblemCode | null): string {
  if (reason === 'withheld') return 'The caller withholds the number, so nobody is asked.'
  if (reason === 'own_number') return 'It is one of the installation’s own lines, so nobody is asked.'
  if (by === 'crm' && error !== null) return 'The CRM could not be asked.'
  const who = by === 'directory' ? 'The directory' : 'The CRM'
  if (count === 0) return `${who} has nobody with this number.`
  if (isAmbiguous) return `${who} has ${String(count)} contacts with this number, and nothing tells which of them is meant.`
  return count === 1 ? `${who} has one contact with this number.` : `${who} has ${String(count)} contacts with this number; the first is the surest.`
}
