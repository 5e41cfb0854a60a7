import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { activityRef, CrmError, externalId, type ActivityRef, type AdapterContext, type CrmAdapter } from '@linefinder/core'
import { toldOf } from './told.js'
import type { EntryKind } from './entry.js'
import type { Lease, Told } from './lease-statements.js'
import { tellers, type Teller } from './tellers.js'

export type CallCrm = <Schema extends z.ZodType>(
  schema: Schema, idempotencyKey: string, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>,
) => Promise<z.output<Schema>>

/** One attempt to bring an entry to the CRM, under a lease, and what it has found out so far. */
export class Attempt {
  /** Found on the way, also when the rest fails. */
  activity: ActivityRef | null
  #step: 'look' | 'create' | 'update' = 'look'
  #hasLooked = false
  readonly #teller: Teller

  constructor(private readonly lease: Lease, private readonly adapter: CrmAdapter, private readonly call: CallCrm, private readonly endsAt: number) {
    this.activity = lease.activity
    this.#teller = tellers[lease.kind]
  }

  /** Creates or updates the activity, after looking for it where it may be there already. Throws `CrmError`. */
  async tell(): Promise<Told> {
    const { lease, adapter, call } = this
    const teller = this.#teller
    const id = externalId.parse(`lf-${lease.id}`)
    const told = toldOf(lease, id)
    const content = contentOf(lease)
    if (!teller.takes(adapter)) return { activity: null, content, body: null, recording: null }

    if (this.activity === null && lease.uncertainForMs !== null && teller.canLook(adapter)) {
      await waitForCommit((adapter.commitLagMs ?? 0) - lease.uncertainForMs, this.endsAt)
      this.activity = await call(activityRef.nullable(), id, (crm, ctx) => teller.look(crm, ctx, id))
      this.#hasLooked = true
    }
    if (this.activity === null) {
      this.#step = 'create'
      const activity = await call(activityRef, id, (crm, ctx) => teller.create(crm, ctx, told))
      return { activity, content, body: null, recording: null }
    }
    this.#step = 'update'
    const ref = this.activity
    // The statement that took the lease compared the members of this kind's content.
    const changed = lease.changed as never[]
    // A key of its own: a CRM that knows the create's key would answer with the create.
    if (changed.length > 0) await call(z.unknown(), `${id}-${String(lease.version)}`, (crm, ctx) => teller.update(crm, ctx, ref, told, changed))
    return { activity: ref, content, body: null, recording: null }
  }

  get kind(): EntryKind {
    return this.lease.kind
  }

  /** What it came to. */
  get operation(): 'look' | 'create' | 'update' {
    return this.#step
  }

  /** Whether a create may have reached the CRM, now that `error` has ended the attempt. */
  uncertaintyAfter(error: CrmError): 'new' | 'kept' | 'none' {
    if (this.#step === 'create' && error.maybeCommitted) return 'new'
    return this.#hasLooked ? 'none' : 'kept'
  }
}

const contentOf = ({ content, resolution }: Lease): object =>
  resolution?.contactId == null ? content : { contactId: resolution.contactId, ...content }

/** Looking too early would miss a create that the CRM still has under way. */
async function waitForCommit(waitMs: number, endsAt: number): Promise<void> {
  if (waitMs <= 0) return
  if (Date.now() + waitMs >= endsAt) throw new CrmError('timeout', { retryAfterMs: waitMs })
  await sleep(waitMs)
}
