import { z } from 'zod'
import { logField, type CrmAdapter } from '@linefinder/core'
import { disposition } from '@linefinder/core/api'
import type { SessionCaller, SurfaceServices } from '@linefinder/server'
import type { WireRequest } from './wire.js'

/** The CRM's own fields and outcomes of a call, as its form asks for them. */
const activityForm = z.object({ fields: z.array(logField), dispositions: z.array(disposition) })
export type ActivityForm = z.infer<typeof activityForm>

const none: ActivityForm = { fields: [], dispositions: [] }
const freshMs = 5 * 60_000
const askAgainMs = 30_000
const deadlineMs = 4000

interface Known {
  readonly form: ActivityForm
  readonly freshUntil: number
}

const scope = 'app-connect'
const keyOf = (installationId: string) => ({ scope, owner: `installation:${installationId}`, name: 'form' })

/**
 * What the CRM's form of a call asks for: remembered for five minutes by each process, and kept in the database for the manifest, which is asked for
 * by people who are not connected yet.
 */
export class ActivityForms {
  readonly #known = new Map<string, Known>()
  readonly #asking = new Map<string, Promise<ActivityForm>>()

  constructor(private readonly services: Pick<SurfaceServices, 'adapters' | 'gateway' | 'settings'>) {}

  /** At once where it is known; an old one is shown while it is asked for again. Empty when the CRM cannot be asked and never could. */
  of(caller: SessionCaller, options: WireRequest['options']): ActivityForm | Promise<ActivityForm> {
    const adapter = this.services.adapters.get(caller.tenantId, caller.connection.adapter)
    if (!hasForm(adapter)) return none
    const known = this.#known.get(caller.connection.crmAccountId)
    if (known && known.freshUntil > Date.now()) return known.form
    const asking = this.#ask(caller, options)
    return known?.form ?? asking
  }

  /** As whoever was connected last has seen it. */
  async kept(tenantId: string, installationId: string): Promise<ActivityForm> {
    const kept = await this.services.settings.get(tenantId, keyOf(installationId))
    return activityForm.catch(none).parse(kept?.value)
  }

  async #ask(caller: SessionCaller, options: WireRequest['options']): Promise<ActivityForm> {
    const { crmAccountId } = caller.connection
    const under = this.#asking.get(crmAccountId)
    if (under) return under
    const asking = this.#load(caller, options).finally(() => this.#asking.delete(crmAccountId))
    this.#asking.set(crmAccountId, asking)
    return asking
  }

  async #load({ tenantId, connection }: SessionCaller, { requestId, log }: WireRequest['options']): Promise<ActivityForm> {
    const { gateway, settings } = this.services
    const { crmAccountId, installationId } = connection
    try {
      const form = await gateway.call(connection, { requestId, log, deadlineMs }, activityForm, async (adapter, ctx) => ({
        fields: await adapter.fields?.(ctx, { kind: 'call', contactId: null }) ?? [],
        dispositions: await adapter.listDispositions?.(ctx) ?? [],
      }))
      this.#known.set(crmAccountId, { form, freshUntil: Date.now() + freshMs })
      await settings.put(tenantId, keyOf(installationId), form)
      return form
    } catch (error) {
      log.warn({ err: error, connection: connection.id }, 'the CRM’s form of a call is not known')
      const form = this.#known.get(crmAccountId)?.form ?? await this.kept(tenantId, installationId)
      this.#known.set(crmAccountId, { form, freshUntil: Date.now() + askAgainMs })
      return form
    }
  }
}

const hasForm = ({ fields, listDispositions }: CrmAdapter): boolean => fields !== undefined || listDispositions !== undefined
