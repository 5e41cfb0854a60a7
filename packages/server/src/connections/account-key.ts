import type { CrmUser } from '@linefinder/core'

/** One account behind an installation. Hosts are never merged: whoever runs a host can report any account id. */
export const accountKeyOf = (hostname: string, { id, account }: Pick<CrmUser, 'id' | 'account'>): string =>
  account ? `${hostname}|account:${account.id}` : unreportedKeyOf(hostname, id)

/** Of a CRM user whose CRM reports no account, or has not been asked. */
export const unreportedKeyOf = (hostname: string, crmUserId: string): string => `${hostname}|user:${crmUserId}`
