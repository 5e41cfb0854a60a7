import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { contact, type Contact } from '@linefinder/core'
import { rank } from '@linefinder/core/phone'
import { phoneOptionsOf } from '../crm/phone-options.js'
import type { Dependencies } from '../dependencies.js'
import type { WorkUnderWay } from '../work-under-way.js'
import type { LookupOptions } from './contact-service.js'
import type { LookupConnection } from './lookup-connection.js'
import {
  claimSearch, deleteExpiredCreated, deleteExpiredLookups, findCreated, findRemembered, giveUpSearch, rememberAnswer, type LookupKey,
} from './lookup-statements.js'
import { toPhoneQuery, type Question } from './question.js'

export interface LiveAnswer {
  readonly contacts: readonly Contact[]
  readonly source: 'crm' | 'remembered'
  readonly ageSeconds: number
}

/** How long answers of CRMs are remembered, and how long a CRM may take for one. */
export interface SearchFigures {
  readonly rememberHitsSeconds: number
  readonly rememberMissesSeconds: number
  readonly searchDeadlineMs: number
}

export const defaultSearchFigures: SearchFigures = { rememberHitsSeconds: 60, rememberMissesSeconds: 30, searchDeadlineMs: 30_000 }

const pollMs = 50

/** Asks CRMs who has a number: once at a time per connection and number, whoever asks, over all processes. */
export class LiveSearch {
  readonly #underWay = new Map<string, Promise<LiveAnswer>>()

  constructor(
    private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway'>,
    private readonly work: WorkUnderWay,
    private readonly figures: SearchFigures,
  ) {}

  /**
   * What is remembered, or what the CRM says now; with `fresh` the latter. It goes on also when nobody waits for it any more,
   * until its own deadline. Throws `CrmError`.
   */
  find(connection: LookupConnection, question: Question, fresh: boolean, options: LookupOptions): Promise<LiveAnswer> {
    const key = keyOf(connection, question)
    const name = [key.connectionId, key.number, key.extension, String(fresh)].join(' ')
    const underWay = this.#underWay.get(name)
    if (underWay) return underWay
    const search = this.work.track(this.#find(connection, question, key, fresh, options)).finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, search)
    // Nobody may be left to hear that it failed.
    search.catch(() => undefined)
    return search
  }

  async #find(connection: LookupConnection, question: Question, key: LookupKey, fresh: boolean, options: LookupOptions): Promise<LiveAnswer> {
    const endsAt = Date.now() + this.figures.searchDeadlineMs
    let mayUseRemembered = !fresh
    for (;;) {
      const remembered = mayUseRemembered ? await findRemembered(this.deps.database, key) : null
      if (remembered) return { ...remembered, source: 'remembered' }
      const token = randomUUID()
      if (await claimSearch(this.deps.database, key, token, this.figures.searchDeadlineMs / 1000 + 5, !mayUseRemembered)) {
        return { contacts: await this.#search(connection, question, key, token, endsAt - Date.now(), options), source: 'crm', ageSeconds: 0 }
      }
      // Another process is asking, or has just asked; what it brings is fresh enough.
      mayUseRemembered = true
      await sleep(pollMs)
    }
  }

  async #search(connection: LookupConnection, question: Question, key: LookupKey, token: string, deadlineMs: number, { requestId, log }: LookupOptions): Promise<Contact[]> {
    const { database, adapters, gateway } = this.deps
    const phone = phoneOptionsOf(connection.settings)
    const query = toPhoneQuery(question, adapters.get(connection.tenantId, connection.adapter).phoneSearch ?? 'e164', phone)
    try {
      const found = await gateway.call(connection, { requestId, log, deadlineMs: Math.max(deadlineMs, 1) }, z.array(contact), (crm, ctx) => crm.findContact(ctx, query))
      const all = distinctById([...await findCreated(database, connection.id, key.number), ...found])
      const contacts = rank(question, all, phone).matches.map(({ candidate }) => candidate)
      const { rememberHitsSeconds, rememberMissesSeconds } = this.figures
      await rememberAnswer(database, key, token, contacts, contacts.length > 0 ? rememberHitsSeconds : rememberMissesSeconds)
      await deleteExpiredLookups(database)
      await deleteExpiredCreated(database)
      return contacts
    } catch (error) {
      await giveUpSearch(database, key, token)
      throw error
    }
  }
}

const keyOf = ({ id, tenantId }: LookupConnection, { e164, raw, extension }: Question): LookupKey =>
  ({ tenantId, connectionId: id, number: e164 ?? raw.trim(), extension: extension ?? '' })

/** The first of each id. */
export const distinctById = <Item extends { id: string }>(items: readonly Item[]): Item[] =>
  [...new Map([...items].reverse().map(item => [item.id, item])).values()].reverse()
