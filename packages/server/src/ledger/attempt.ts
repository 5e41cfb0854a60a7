import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { activityRef, CrmError, externalId, type ActivityRef, type AdapterContext, type CrmAdapter, type ExternalId } from '@linefinder/core'
import { DeliveryError, type AttemptFailure } from './delivery-error.js'
import type { Entry, Resolution } from './entry.js'
import type { Lease, Told } from './lease-statements.js'
import { tellers, type Teller } from './tellers.js'
import { contactOf, knownOf, toldOf } from './told.js'

export type CallCrm = <Schema extends z.ZodType>(
  schema: Schema, idempotencyKey: string, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
) => Promise<z.output<Schema>>

export interface AttemptParts {
  readonly lease: Lease
  readonly adapter: CrmAdapter
  readonly call: CallCrm
  readonly endsAt: number
  /** Finds out whose record it belongs on, and keeps the answer. `null`: that is left to the client. */
  resolve(): Promise<Resolution | null>
}

/** One attempt to bring an entry to the CRM, under a lease, and what it has found out so far. */
export class Attempt {
  /** Found on the way, also when the rest fails. */
  activity: ActivityRef | null
  #step: 'look' | 'create' | 'update' = 'look'
  #hasLooked = false
  readonly #teller: Teller
  readonly #id: ExternalId

  constructor(private readonly parts: AttemptParts) {
    this.activity = parts.lease.activity
    this.#teller = tellers[parts.lease.kind]
    this.#id = externalId.parse(`lf-${parts.lease.id}`)
  }

  /** Creates or updates the activity, after looking for it where it may be there already. Throws `CrmError` and `DeliveryError`. */
  async tell(): Promise<Told> {
    const { lease, adapter } = this.parts
    if (!this.#teller.takes(adapter)) return { activity: null, content: knownOf(lease), body: null, recording: null }
    if (this.activity === null) await this.#look()
    return this.activity === null ? this.#create() : this.#update(this.activity)
  }

  /** Whether a create may have reached the CRM, now that `failure` has ended the attempt. */
  uncertaintyAfter(failure: AttemptFailure): 'new' | 'kept' | 'none' {
    if (this.#step === 'create' && failure.maybeCommitted) return 'new'
    return this.#hasLooked ? 'none' : 'kept'
  }

  async #look(): Promise<void> {
    const { lease, adapter, call, endsAt } = this.parts
    if (lease.uncertainForMs === null || !this.#teller.canLook(adapter)) return
    await waitForCommit((adapter.commitLagMs ?? 0) - lease.uncertainForMs, endsAt)
    this.activity = await call(activityRef.nullable(), this.#id, (crm, ctx) => this.#teller.look(crm, ctx, this.#id))
    this.#hasLooked = true
  }

  async #create(): Promise<Told> {
    const entry = await this.#withContact()
    const told = toldOf(entry, this.#id)
    this.#step = 'create'
    this.activity = await this.parts.call(activityRef, this.#id, (crm, ctx) => this.#teller.create(crm, ctx, told))
    return { activity: this.activity, content: knownOf(entry), body: null, recording: null }
  }

  async #update(activity: ActivityRef): Promise<Told> {
    const { lease, call } = this.parts
    const isContactOpen = lease.changed.includes('newContact') || lease.changed.includes('contactId')
    const entry = isContactOpen ? await this.#withContact() : lease
    const told = toldOf(entry, this.#id)
    const names = new Set(contactOf(entry) === contactOf(lease) ? lease.changed : [...lease.changed, 'contactId'])
    names.delete('newContact')
    this.#step = 'update'
    // The statement that took the lease compared the members of this kind's content.
    const changed = [...names] as never[]
    // A key of its own: a CRM that knows the create's key would answer with the create.
    if (changed.length > 0) await call(z.unknown(), `${this.#id}-${String(lease.version)}`, (crm, ctx) => this.#teller.update(crm, ctx, activity, told, changed))
    return { activity, content: knownOf(entry), body: null, recording: null }
  }

  async #withContact(): Promise<Entry> {
    const { lease } = this.parts
    if (contactOf(lease) !== undefined) return lease
    const resolution = await this.parts.resolve()
    if (resolution?.how === 'ambiguous') throw new DeliveryError('contact_ambiguous', `${String(resolution.candidates.length)} contacts have the number.`)
    return { ...lease, resolution }
  }
}

/** Looking too early would miss a create that the CRM still has under way. */
async function waitForCommit(waitMs: number, endsAt: number): Promise<void> {
  if (waitMs <= 0) return
  if (Date.now() + waitMs >= endsAt) throw new CrmError('timeout', { retryAfterMs: waitMs })
  await sleep(waitMs)
}
