import type { CrmAdapter } from '@linefinder/core'

/** How long a contact that we made may stay out of what the CRM finds and lists. */
export const contactLagMsOf = ({ contactLagMs = 15 * 60_000 }: CrmAdapter): number => contactLagMs
