import type { ActivityRef, ContactId, InstallationFacts } from '@linefinder/core'
import type { AddressGuard } from '../crm/address-guard.js'
import type { AdapterRegistry } from './adapter-registry.js'

type LinkedConnection = InstallationFacts & { readonly tenantId: string; readonly adapter: string }

/** Pages of records in the CRM, for people to open. */
export class RecordLinks {
  constructor(private readonly adapters: AdapterRegistry, private readonly guard: AddressGuard) {}

  /** `{ url }`, or nothing where the adapter knows no page. */
  toContact(connection: LinkedConnection, id: ContactId): { url?: string } {
    return this.#link(connection, this.adapters.get(connection.tenantId, connection.adapter).contactUrl?.(connection, id))
  }

  /** `{ url }`, or nothing where the adapter knows no page. */
  toActivity(connection: LinkedConnection, ref: ActivityRef): { url?: string } {
    return this.#link(connection, this.adapters.get(connection.tenantId, connection.adapter).activityUrl?.(connection, ref))
  }

  /** In the scheme under which the operator lets the host be reached. Only web addresses: clients open them. */
  #link(connection: LinkedConnection, written: string | null | undefined): { url?: string } {
    const url = written == null ? '' : this.guard.resolve(written, connection.hostname)
    return /^https?:\/\//.test(url) ? { url } : {}
  }
}
