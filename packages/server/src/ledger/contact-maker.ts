import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CrmError, type Contact, type ContactInput } from '@linefinder/core'
import type { ContactService, LookupOptions } from '../contacts/contact-service.js'
import type { LookupConnection } from '../contacts/lookup-connection.js'
import { contactLagMsOf } from '../crm/contact-lag.js'
import type { Dependencies } from '../dependencies.js'
import { deleteOldCreations, findMade, finishCreation, giveUpCreation, takeCreation, type Creation, type CreationKey } from './creation-statements.js'

export interface Wanted {
  readonly key: CreationKey
  readonly input: ContactInput
  readonly endsAt: number
  /** Asks the CRM itself who has the number now. */
  lookAgain(): Promise<readonly Contact[]>
}

/** Longer than any attempt, so that it runs out only when its holder is dead. */
const leaseSeconds = 60
/** A made contact is handed out at least this long: somebody may have asked for the number just before it was made. */
const shortestHoldSeconds = 60
const pollMs = 100

/** Makes contacts for numbers that nobody has: one for each number, however many calls come from it at once and wherever they are logged. */
export class ContactMaker {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters'> & { readonly contacts: ContactService }) {}

  /** Whoever has the number by now: another's new contact, what a try before did make, or a new one. Throws `CrmError`. */
  async make(connection: LookupConnection, wanted: Wanted, options: LookupOptions): Promise<readonly Contact[]> {
    const { database } = this.deps
    while (Date.now() < wanted.endsAt) {
      const creation = await takeCreation(database, wanted.key, randomUUID(), leaseSeconds)
      if (creation) return this.#make(connection, wanted, creation, options)
      const made = await findMade(database, wanted.key)
      if (made) return [made]
      await sleep(pollMs)
    }
    throw new CrmError('timeout', { detail: 'The contact is being made by another call of the number.' })
  }

  async #make(connection: LookupConnection, { key, input, endsAt, lookAgain }: Wanted, { token, creationId, uncertainForMs }: Creation, options: LookupOptions): Promise<readonly Contact[]> {
    const { database, adapters, contacts } = this.deps
    const lagMs = contactLagMsOf(adapters.get(connection.tenantId, connection.adapter))
    const holdSeconds = Math.max(lagMs / 1000, shortestHoldSeconds)
    let isCreating = false
    try {
      if (uncertainForMs !== null) {
        const found = await lookAgain()
        const [first] = found
        if (first) {
          await finishCreation(database, key, token, first, holdSeconds)
          return found
        }
        if (uncertainForMs < lagMs) throw new CrmError('timeout', { detail: 'A contact may have been made, and the CRM may not show it yet.' })
      }
      isCreating = true
      const made = await contacts.createOver(connection, input, { ...options, deadlineMs: Math.max(1, endsAt - Date.now()), idempotencyKey: `lfc-${creationId}` })
      await finishCreation(database, key, token, made, holdSeconds)
      await deleteOldCreations(database)
      return [made]
    } catch (error) {
      if (error instanceof CrmError) await giveUpCreation(database, key, token, isCreating && error.maybeCommitted)
      throw error
    }
  }
}
