import { randomUUID } from 'node:crypto'
import type { Dependencies } from '../dependencies.js'
import { actorOf, type AdminCaller, type Caller } from '../http/caller.js'
import type { AuditRow } from './models.js'

/** What a tenant's admins can look up later. Call it in the transaction of the change, so that both stand or neither does. */
export class AuditTrail {
  constructor(private readonly deps: Pick<Dependencies, 'models'>) {}

  /** `subject` is the kind and id of the thing, `action` the kind and what was done. `details` never holds a secret, phone number or note. */
  async note(by: Caller | AdminCaller, action: string, subject: string, details: AuditRow['details'] = {}): Promise<void> {
    await this.deps.models.audit.create({ id: randomUUID(), tenantId: by.tenantId, actor: actorOf(by), action, subject, details })
  }
}
