import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { activity, activityRef, CrmError, externalId, logField, type ActivityRef, type AdapterContext, type CrmAdapter, type ExternalId, type LogField } from '@linefinder/core'
import type { CrmConnection } from '../crm/crm-gateway.js'
import { composedBodyOf, newBody, updatedBody, type Composed } from './activity-body.js'
import { checkFields } from './activity-fields.js'
import { DeliveryError, type AttemptFailure } from './delivery-error.js'
import { isOfKind, type Entry, type EntryKind, type Resolution } from './entry.js'
import type { Lease, Told } from './lease-statements.js'
import { withMappedUser } from './mapped-agent.js'
import { tellers, type Teller, type ToldOf } from './tellers.js'
import { contactOf, knownOf, toldOf } from './told.js'
import { isWholeCall } from './whole-call.js'

export type CallCrm = <Schema extends z.ZodType>(
  schema: Schema, idempotencyKey: string, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
) => Promise<z.output<Schema>>

export interface AttemptParts {
  readonly lease: Lease
  readonly connection: CrmConnection
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
  /** The activity may lack any part of the log: it was made in several requests, of which not all are known to have succeeded. */
  isHalfTold = false
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
    if (!this.#teller.takes(adapter)) return { activity: null, content: knownOf(lease), body: null, recording: lease.deliveredRecording }
    if (this.activity === null) await this.#look()
    return this.activity === null ? this.#create() : this.#update(this.activity)
  }

  get kind(): EntryKind {
    return this.parts.lease.kind
  }

  /** What it came to. */
  get operation(): 'look' | 'create' | 'update' {
    return this.#step
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
    this.isHalfTold = this.activity !== null && adapter.createsInSteps === true
  }

  async #create(): Promise<Told> {
    const entry = await this.#withContact()
    const body = this.#bodyOf(entry, await this.#checkedFields(entry))
    const told = this.#told({ ...(body && { body: newBody(body) }), ...toldOf(entry, this.#id) })
    this.#step = 'create'
    try {
      this.activity = await this.parts.call(activityRef, this.#id, (crm, ctx) => this.#teller.create(crm, ctx, told))
    } catch (error) {
      this.activity = error instanceof CrmError ? activityRef.nullable().catch(null).parse(error.created ?? null) : null
      this.isHalfTold = this.activity !== null
      throw error
    }
    return { activity: this.activity, content: knownOf(entry), body: body?.text ?? null, recording: null }
  }

  async #update(ref: ActivityRef): Promise<Told> {
    const { lease, call } = this.parts
    const isContactOpen = lease.changed.includes('newContact') || lease.changed.includes('contactId')
    const entry = isContactOpen ? await this.#withContact() : lease
    const names = new Set(this.isHalfTold ? Object.keys(knownOf(entry)) : lease.changed)
    if (contactOf(entry) !== contactOf(lease)) names.add('contactId')
    names.delete('newContact')
    const { composed, body } = names.size === 0 ? { composed: lease.deliveredBody, body: null } : await this.#changedBody(entry, ref)
    if (body !== null) names.add('body')
    this.#step = 'update'
    // The statement that took the lease compared the members of this kind's content.
    const changed = [...names] as never[]
    if (changed.length > 0) {
      const told = this.#told({ ...(body !== null && { body }), ...toldOf(entry, this.#id) })
      // A key of its own: a CRM that knows the create's key would answer with the create.
      await call(z.unknown(), `${this.#id}-${String(lease.version)}`, (crm, ctx) => this.#teller.update(crm, ctx, ref, told, changed))
    }
    return { activity: ref, content: knownOf(entry), body: composed, recording: lease.deliveredRecording }
  }

  /** The text as it is composed now, and what to write for it: `null` when what the CRM has may stay. */
  async #changedBody(entry: Entry, ref: ActivityRef): Promise<{ composed: string | null; body: string | null }> {
    const { lease, adapter, call } = this.parts
    const fields = await this.#checkedFields(entry)
    const composed = this.#bodyOf(entry, fields)
    if (!composed) return { composed: null, body: null }
    const previous = lease.deliveredBody ?? this.#firstBody(fields)
    // Before anything was delivered as a whole, nobody knows whether the CRM has the text.
    if (composed.text === previous && lease.deliveredBody !== null) return { composed: composed.text, body: null }
    // Nobody here knows what stands there, so nothing is written over it.
    if (lease.imported && previous === null && !this.#teller.canRead(adapter)) return { composed: null, body: null }
    if (!this.#teller.canRead(adapter)) return { composed: composed.text, body: newBody(composed) }
    const found = await call(activity.nullable(), this.#id, (crm, ctx) => this.#teller.read(crm, ctx, ref))
    if (!found) throw new CrmError('not_found')
    // An activity without a text is one whose text is not known; one that was emptied has an empty one.
    const isBlank = found.body === undefined || lease.deliveredBody === null && found.body.trim() === ''
    const body = isBlank ? newBody(composed) : updatedBody(composed, previous, found.body ?? '')
    return { composed: composed.text, body: body === found.body ? null : body }
  }

  /** The CRM's own fields, once the values for them are found to be right. Nobody is asked when there are none. */
  async #checkedFields(entry: Entry): Promise<readonly LogField[]> {
    const { adapter, call } = this.parts
    if (!isOfKind(entry, 'call') || !adapter.fields || Object.keys(entry.content.fields ?? {}).length === 0) return []
    const about = { kind: 'call', contactId: contactOf(entry) ?? null } as const
    const fields = await call(z.array(logField), this.#id, async (crm, ctx) => crm.fields?.(ctx, about) ?? [])
    checkFields(fields, entry.content.fields ?? {})
    return fields
  }

  /** Of a create whose answer was lost. `null` for an entry whose content had been deleted, or was never known. */
  #firstBody(fields: readonly LogField[]): string | null {
    const { lease } = this.parts
    const { deliveredSnapshot: content } = lease
    if (content === null || Object.keys(content).length === 0 || lease.imported) return null
    return this.#bodyOf({ ...lease, content }, fields)?.text ?? null
  }

  #bodyOf(entry: Entry, fields: readonly LogField[]): Composed | null {
    return composedBodyOf(entry, this.parts.adapter, this.parts.connection, fields)
  }

  #told<Some extends ToldOf[EntryKind]>(told: Some): Some {
    return withMappedUser(told, this.parts.lease.mappedUserId)
  }

  async #withContact(): Promise<Entry> {
    const { lease } = this.parts
    if (contactOf(lease) !== undefined || (isOfKind(lease, 'call') && !isWholeCall(lease.content))) return lease
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
