import type { CrmAdapter } from '@linefinder/core'

/** An adapter that remembers which of its members was asked for last, so that a call can be named after it. */
export interface AskedAdapter {
  readonly adapter: CrmAdapter
  /** Empty when nothing was asked for. */
  operation(): string
}

/** The members are bound to the adapter itself, because an object with private fields can be reached through nothing else. */
export function watchAsked(adapter: CrmAdapter): AskedAdapter {
  let operation = ''
  const handler: ProxyHandler<CrmAdapter> = {
    get(_target, name) {
      const member: unknown = Reflect.get(adapter, name)
      operation = String(name)
      return typeof member === 'function' ? (member.bind(adapter) as unknown) : member
    },
  }
  // A proxy of a frozen object may hand out nothing but the very members, so it stands for one that inherits them.
  const heir = Object.create(adapter) as CrmAdapter
  return { adapter: new Proxy(heir, handler), operation: () => operation }
}
