import type { AxiosInstance } from 'axios'
import type { AdapterCredentials, ConnectionState, KeptCredentials } from '../adapter-credentials.js'
import { CrmError } from '../errors/crm-error.js'
import { extra } from '../extra.js'
import type { Credentials } from './credentials.js'
import type { OperationCredentials } from './operation-credentials.js'

/** The credentials of one operation, as its adapter gets them. */
export function contextCredentials(operation: OperationCredentials, http: AxiosInstance): AdapterCredentials {
  return {
    http,
    read: async () => keptOf((await operation.reread()).credentials),
    async renew() {
      await operation.renew((await operation.current()).version)
      return keptOf((await operation.current()).credentials)
    },
    async replace(next) {
      return operation.replace(credentialsOf(next, (await operation.current()).credentials))
    },
    forget: () => operation.forget(),
  }
}

function keptOf(held: Credentials): KeptCredentials {
  // True because what was sealed was JSON.
  const state = (held.state ?? {}) as ConnectionState
  if (held.type !== 'oauth2') return { fields: held.fields, state }
  return { accessToken: held.accessToken, refreshToken: held.refreshToken, expiresAt: held.renewAt, state }
}

/** Throws when they are of another kind than before, or the state is too large: a mistake of the adapter. */
function credentialsOf(next: KeptCredentials, before: Credentials): Credentials {
  const checked = extra.safeParse(next.state)
  if (!checked.success) throw new CrmError('adapter_fault', { cause: new Error('the state of a connection is at most 64 kB of JSON') })
  const state = Object.keys(next.state).length === 0 ? {} : { state: checked.data }
  if ('fields' in next && before.type === 'fields') return { type: 'fields', fields: { ...next.fields }, ...state }
  if ('fields' in next && before.type === 'custom') return { ...before, fields: { ...next.fields }, ...state }
  if ('fields' in next || before.type !== 'oauth2') throw new CrmError('adapter_fault', { cause: new Error('a connection keeps credentials of one kind') })
  return {
    type: 'oauth2', accessToken: next.accessToken, ...state,
    ...(next.refreshToken === undefined ? {} : { refreshToken: next.refreshToken }),
    ...(next.expiresAt === undefined ? {} : { renewAt: next.expiresAt }),
  }
}
