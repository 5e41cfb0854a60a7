import * as z from 'zod'
import { crmUserId } from './ids.js'

/** Who the credentials belong to. */
export const crmUser = z.object({
  id: crmUserId,
  name: z.string().min(1),
  email: z.string().optional(),
  /** IANA name, such as `Europe/Amsterdam`. */
  timezone: z.string().optional(),
  /**
   * The customer's instance of the CRM. Leave it out when the CRM names none: the connection is then an account of its own.
   * Two connections with one account id share call logs and directory, so never make one up from a host or an e-mail domain.
   */
  account: z.object({ id: z.string().min(1).max(255), name: z.string().optional() }).optional(),
})
export type CrmUser = z.infer<typeof crmUser>
