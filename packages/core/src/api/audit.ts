import * as z from 'zod'
import { endpoint } from './endpoint.js'
import { pageOf, pageQuery } from './page.js'

export const auditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Kind and id of who did it, such as `key:…` or `connection:…`. */
  actor: z.string(),
  /** Kind and what was done, such as `installation.updated`. */
  action: z.string(),
  /** Kind and id of what it was done to, such as `installation:…`. */
  subject: z.string(),
  /** Never a secret, phone number or note. */
  details: z.record(z.string(), z.unknown()),
}).meta({ id: 'AuditEntry' })

const word = z.string().min(1).max(200)

export const adminAudit = {
  list: endpoint({
    method: 'GET', path: '/v1/admin/audit', tag: 'Administration', access: 'admin',
    summary: 'Who did what, newest first',
    query: pageQuery.extend({
      subject: word.optional().meta({ description: 'Exactly this, such as `connection:` and its id.' }),
      action: word.optional().meta({ description: 'Exactly this, such as `connection.revoked`.' }),
      since: z.iso.datetime({ offset: true }).optional().meta({ description: 'What was done then or later.' }),
      until: z.iso.datetime({ offset: true }).optional().meta({ description: 'What was done before.' }),
    }),
    output: pageOf(auditEntry), errors: [],
  }),
}
