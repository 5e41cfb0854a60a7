import * as z from 'zod'
import { capabilityMembers } from '../adapter.js'
import { authForm } from '../auth.js'
import { endpoint } from './endpoint.js'

const capability = z.enum(capabilityMembers)

/** A field of the form that an admin fills in for an installation. It describes itself, so that any client can draw it. */
export const adapterProperty = z.object({
  name: z.string(),
  /** Default: the name. */
  label: z.string().optional(),
  /** Shown as dots, stored sealed, never given out again. */
  isSecret: z.boolean(),
  isRequired: z.boolean(),
  help: z.string().optional(),
})

export const adapterSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** `null` when it depends on the installation. */
  auth: authForm.nullable(),
  capabilities: z.array(capability),
  /** Present when the adapter handles credentials itself: an installation of it has to allow that (`allowCredentials`). */
  needsCredentials: z.literal(true).optional(),
  properties: z.array(adapterProperty),
}).meta({ id: 'Adapter' })
export type AdapterSummary = z.infer<typeof adapterSummary>

export const installationSummary = z.object({
  id: z.uuid(),
  adapter: z.string(),
  name: z.string(),
  auth: authForm,
  capabilities: z.array(capability),
  /** `null` when the agent chooses one of `allowedHosts`. */
  host: z.string().nullable(),
  allowedHosts: z.array(z.string()),
}).meta({ id: 'Installation' })
export type InstallationSummary = z.infer<typeof installationSummary>

export const adapters = {
  list: endpoint({
    method: 'GET', path: '/v1/adapters', tag: 'Adapters', access: 'public',
    summary: 'The CRMs that this server speaks',
    description: 'With a `client_id`, its tenant’s documents too.',
    query: z.object({ client_id: z.string().min(1).max(100).optional() }),
    output: z.object({ items: z.array(adapterSummary) }),
    errors: ['client_app_not_found'],
  }),
}

export const installations = {
  list: endpoint({
    method: 'GET', path: '/v1/installations', tag: 'Adapters', access: 'public',
    summary: 'The CRMs that the client app’s tenant has set up',
    description: 'Public like the client id itself: names, hosts and forms, nothing secret.',
    query: z.object({ client_id: z.string().min(1).max(100) }),
    output: z.object({ items: z.array(installationSummary) }),
    errors: ['client_app_not_found'],
  }),
}
