import type { Logger } from 'pino'
import { z } from 'zod'
import { contact, CrmError, type Contact, type ContactInput, type PhoneQuery } from '@linefinder/core'
import type { ContactMatch } from '@linefinder/core/api'
import { digitsOf, parsePhone, samePhone, variants, type PhoneOptions } from '@linefinder/core/phone'
import { countryOf } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import type { Caller, CallerConnection } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import { distinctById, rankMatches } from './rank.js'

export interface LookupOptions {
  readonly requestId: string
  readonly log: Logger
  readonly signal: AbortSignal
}

export interface Lookup {
  readonly contacts: ContactMatch[]
  readonly number: string | null
  readonly source: 'crm'
}

const maxNames = 50

/** Who has this number: asked of the CRM, checked again here. */
export class ContactService {
  readonly #lookupDeadlineMs: number

  /** `lookupDeadlineMs`: a phone is ringing meanwhile. */
  constructor(private readonly deps: Pick<Dependencies, 'adapters' | 'links' | 'gateway'>, { lookupDeadlineMs = 5000 } = {}) {
    this.#lookupDeadlineMs = lookupDeadlineMs
  }

  /**
   * Contacts with this number in any spelling, best first. `country` reads a number without a country code; default the
   * installation's. Throws `invalid_fields` for text without a digit or a country that is none.
   */
  async findByPhone(caller: Caller, text: string, country: string | undefined, options: LookupOptions): Promise<Lookup> {
    const { connection } = caller
    const adapter = this.deps.adapters.get(connection.adapter)
    const query = readQuery(text, { country: country ?? countryOf(connection.settings) }, adapter.phoneSearch ?? 'e164')
    const found = await this.deps.gateway.call(connection, { ...options, deadlineMs: this.#lookupDeadlineMs }, z.array(contact),
      (crm, ctx) => crm.findContact(ctx, query))
    const stored = { country: countryOf(connection.settings) }
    const matches = distinctById(found).flatMap(each => {
      const matchedNumber = each.phones.find(({ number }) => isSameNumber(number, query, stored))?.number
      return matchedNumber === undefined ? [] : [{ ...this.#withUrl(connection, each), matchedNumber }]
    })
    return { contacts: rankMatches(matches, query.e164), number: query.e164, source: 'crm' }
  }

  /** Contacts with this in their name, in the CRM's order. Throws `CrmError('unsupported')` where the adapter cannot search by name. */
  async findByName(caller: Caller, name: string, options: LookupOptions): Promise<Lookup> {
    const { connection } = caller
    const found = await this.deps.gateway.call(connection, { ...options, deadlineMs: this.#lookupDeadlineMs }, z.array(contact), (crm, ctx) => {
      if (!crm.searchContacts) throw new CrmError('unsupported')
      return crm.searchContacts(ctx, name, maxNames)
    })
    return { contacts: distinctById(found).slice(0, maxNames).map(each => this.#withUrl(connection, each)), number: null, source: 'crm' }
  }

  async create({ connection }: Caller, input: ContactInput, options: LookupOptions): Promise<ContactMatch> {
    const normalised = { ...input, phone: normalisePhone(input.phone, { country: countryOf(connection.settings) }) }
    return this.#withUrl(connection, await this.deps.gateway.call(connection, options, contact, (crm, ctx) => crm.createContact(ctx, normalised)))
  }

  #withUrl(connection: CallerConnection, each: Contact): ContactMatch {
    return { ...each, ...this.deps.links.toContact(connection, each.id) }
  }
}

function readQuery(text: string, phone: PhoneOptions, search: Parameters<typeof variants>[1]): PhoneQuery {
  const parsed = parsePhone(text, phone)
  if (!parsed.ok && parsed.reason === 'unknown_country') throw wrongField('query', '/country', 'is no country')
  if (!parsed.ok && (parsed.reason === 'no_digits' || parsed.reason === 'withheld')) throw wrongField('query', '/phone', 'has no digits')
  return {
    // An internal number such as 205 reads as one of the country, but no such number can exist.
    e164: parsed.ok && parsed.isPossible ? parsed.e164 : null,
    raw: text,
    extension: parsed.ok ? parsed.extension : null,
    variants: variants(text, search, phone),
  }
}

/** A stored number without a country code is one of the installation's country, whatever country the question was asked with. */
function isSameNumber(stored: string, { e164, extension, raw }: PhoneQuery, phone: PhoneOptions): boolean {
  if (e164 === null) return digitsOf(stored) === digitsOf(raw)
  return samePhone(stored, extension === null ? e164 : `${e164} ext. ${extension}`, phone)
}

/** E.164, unless the number is not certain or has an extension, which E.164 would lose. */
function normalisePhone(text: string, phone: PhoneOptions): string {
  const parsed = parsePhone(text, phone)
  return parsed.ok && parsed.isValid && parsed.extension === null ? parsed.e164 : text
}
