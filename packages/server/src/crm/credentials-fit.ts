import { assertNever, type AuthScheme } from '@linefinder/core'
import type { Credentials } from '@linefinder/core/http'

/** Whether credentials can be used by the scheme: an adapter may have changed the way its agents connect since they were given. */
export function credentialsFit(held: Credentials, scheme: AuthScheme): boolean {
  switch (scheme.type) {
    case 'oauth2': return held.type === 'oauth2'
    case 'custom': return held.type === 'custom' && hasFields(held.fields, scheme)
    case 'apiKey':
    case 'basic': return held.type === 'fields' && hasFields(held.fields, scheme)
    default: return assertNever(scheme)
  }
}

const hasFields = (held: Readonly<Record<string, string>>, { fields }: Exclude<AuthScheme, { type: 'oauth2' }>): boolean =>
  fields.every(({ name, required }) => !required || Object.hasOwn(held, name))
