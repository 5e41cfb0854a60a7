import { CrmError, type Contact } from '@linefinder/core'
import type { LookupResult } from '@linefinder/core/api'
import type { ContactService, LookupOptions } from '../contacts/contact-service.js'
import { getLookupConnection, type LookupConnection } from '../contacts/lookup-connection.js'
import type { CrmConnection } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { logSettingsOf, type LogSettings } from '../installations/log-settings.js'
import { chooseContact } from './choose-contact.js'
import { ContactMaker } from './contact-maker.js'
import type { Entry, Resolution } from './entry.js'
import { otherPartyOf } from './other-party.js'

const lookupDeadlineMs = 5000

type Found = Pick<LookupResult, 'isAmbiguous' | 'source'> & { readonly contacts: readonly Contact[] }

interface Question {
  readonly connection: LookupConnection
  readonly entry: Entry
  readonly settings: LogSettings
  readonly endsAt: number
  readonly options: LookupOptions
}

/** Finds out whose record an entry belongs on. */
export class ContactResolver {
  readonly #maker: ContactMaker

  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters'> & { readonly contacts: ContactService }) {
    this.#maker = new ContactMaker(deps)
  }

  /** `null` where the installation leaves the choice to its clients. Throws `CrmError` when the CRM cannot be asked by `endsAt`. */
  async resolve(crmConnection: CrmConnection, entry: Entry, endsAt: number, options: LookupOptions): Promise<Resolution | null> {
    const settings = logSettingsOf(crmConnection.settings)
    if (settings.contactMatching === 'off' && !isNewWanted(entry, settings)) return null
    const connection = await getLookupConnection(this.deps.database, crmConnection)
    const question: Question = { connection, entry, settings, endsAt, options }
    const found = await this.#lookUp(question, false)
    const isToBeMade = found.reason === undefined && (settings.createContacts === 'automatic' || isNewWanted(entry, settings))
    if (found.contacts.length > 0 || !isToBeMade) return resolutionOf(found, settings)
    // Somebody may have made it in the CRM since it was asked last.
    const current = found.source === 'crm' ? found : await this.#lookUp(question, true)
    return current.contacts.length > 0 ? resolutionOf(current, settings) : this.#create(question, current)
  }

  async #lookUp({ connection, entry, endsAt, options }: Question, fresh: boolean): Promise<LookupResult> {
    const { number, extension } = otherPartyOf(entry)
    const deadlineMs = Math.max(0, Math.min(lookupDeadlineMs, endsAt - Date.now()))
    const asked = { text: number, ...(extension === undefined || !/^[0-9*#]+$/.test(extension) ? {} : { extension }) }
    const found = await this.deps.contacts.findOwners(connection, asked, { deadlineMs, fresh }, options)
    if (found.status === 'pending') throw new CrmError('timeout', { detail: 'The CRM did not say in time who has the number.' })
    return found
  }

  async #create(question: Question, found: LookupResult): Promise<Resolution> {
    const { connection, entry, settings, endsAt, options } = question
    const party = otherPartyOf(entry)
    const wanted = newContactOf(entry)
    // What is no full number, such as a colleague's extension, makes a contact only on request.
    if (wanted === undefined && found.number === null) return resolutionOf(found, settings)
    const name = wanted?.name ?? (party.name?.trim() || party.number)
    try {
      const contacts = await this.#maker.make(connection, {
        key: { tenantId: connection.tenantId, crmAccountId: connection.crmAccountId, number: found.number ?? party.number },
        input: { name, phone: party.number, ...(wanted?.type === undefined ? {} : { type: wanted.type }) },
        endsAt,
        lookAgain: async () => (await this.#lookUp(question, true)).contacts,
      }, options)
      const resolution = resolutionOf({ ...found, contacts, isAmbiguous: contacts.length > 1 }, settings)
      return resolution.how === 'only' ? { ...resolution, how: 'created' } : resolution
    } catch (error) {
      // Nobody asked for it, and the call is to be logged whatever the CRM wants to know of new contacts.
      const isRefusal = error instanceof CrmError && !error.isRetryable && error.code !== 'unauthorized'
      if (wanted !== undefined || !isRefusal) throw error
      options.log.warn({ ...options.about, code: error.code }, 'the CRM refuses a contact that was to be made automatically')
      return resolutionOf(found, settings)
    }
  }
}

const newContactOf = ({ content }: Entry) => 'newContact' in content ? content.newContact : undefined

const isNewWanted = (entry: Entry, { createContacts }: LogSettings): boolean => createContacts !== 'off' && newContactOf(entry) !== undefined

function resolutionOf({ contacts, isAmbiguous, source }: Found, { contactChoice }: LogSettings): Resolution {
  const [first, ...others] = contacts
  const facts = { candidates: contacts.map(({ id }) => id), source, at: new Date().toISOString() }
  if (!first) return { ...facts, contactId: null, how: 'nobody' }
  if (!isAmbiguous) return { ...facts, contactId: first.id, how: 'only' }
  if (contactChoice === 'ask') return { ...facts, contactId: null, how: 'ambiguous' }
  return { ...facts, contactId: chooseContact([first, ...others], contactChoice).id, how: 'rule', rule: contactChoice }
}
