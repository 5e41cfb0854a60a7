import { AsyncLocalStorage } from 'node:async_hooks'
import type { InstallationWithSecrets } from '@linefinder/core'
import type { ConnectorCall } from './connector-call.js'

/** On whose behalf a connector's code runs. */
export interface ConnectorScope {
  readonly installation: InstallationWithSecrets
  /** `null` where only the installation is known. */
  readonly call: ConnectorCall | null
}

const current = new AsyncLocalStorage<ConnectorScope>()

export const within = <Result>(scope: ConnectorScope, work: () => Result): Result => current.run(scope, work)

export const currentScope = (): ConnectorScope | undefined => current.getStore()

/** The call that the running code belongs to. Throws outside of any: nothing may be asked or read there. */
export function currentCall(): ConnectorCall {
  const call = currentScope()?.call
  if (!call) throw new Error('a connector can ask its CRM and see its user only while it is called')
  return call
}
