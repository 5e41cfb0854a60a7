import { CrmError, type CrmAdapter } from '@linefinder/core'

/** Throws `CrmError('credentials_withheld')` for an adapter that handles credentials itself, unless the admin allows it. */
export function checkCredentialsAllowed({ needsCredentials }: CrmAdapter, settings: Readonly<Record<string, unknown>>): void {
  if (needsCredentials === true && settings['allowCredentials'] !== true) throw new CrmError('credentials_withheld')
}
