import { z } from 'zod'
import { isConnectorAdapter } from '../extras.js'
import { refuseAsError } from './failures.js'
import { parsed } from './login-routes.js'
import { accountOwner, changeValues, listValues, managedValuesFor } from './managed-auth.js'
import { manifestOf } from './manifest.js'
import type { Platform } from './platforms.js'
import { WireRefusal } from './refusal.js'
import { wireRoute } from './route.js'
import type { Admin, Wire, WireRoute } from './wire.js'

const fieldDefinition = z.looseObject({
  const: z.string(), required: z.boolean().optional().catch(undefined), managed: z.boolean().optional().catch(undefined),
  managedScope: z.string().optional().catch(undefined), managedFieldType: z.string().optional().catch(undefined),
})
type FieldDefinition = z.infer<typeof fieldDefinition>

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const given = z.record(z.string().max(100), text.nullish().transform(value => value ?? ''))

const valuesBody = z.object({
  scope: z.enum(['user', 'account', 'org']).catch('account'), rcExtensionId: z.coerce.string<unknown>().nullish(),
  values: given.nullish(), fieldsToRemove: z.array(z.string()).max(100).nullish(),
})
const optionsBody = z.object({ fieldConst: z.string().min(1), accountValues: given.nullish() })
const option = z.array(z.object({ value: z.string(), label: z.string() }))

const stored = { hasValue: true, value: '' }
const missing = { hasValue: false, value: '' }

/**
 * Fields of the sign-in form that an administrator fills in once for everybody. They are those that the platform's manifest marks as `managed`. Their
 * values are sealed, used for people whom RingCentral says to be of the same account, and never given out again.
 */
export const managedAuthRoutes: WireRoute[] = [
  wireRoute('get', '/apiKeyManagedAuthState', 'public', async (wire, asked) => {
    const platform = await wire.platforms.get(asked.query.get('platform') ?? undefined)
    const fields = await fieldsOf(wire, platform)
    const required = fields.filter(field => field.required).map(field => field.const)
    if (!fields.some(({ managed }) => managed)) {
      return { hasManagedAuth: false, allRequiredFieldsSatisfied: false, visibleFieldConsts: null, missingRequiredFieldConsts: required, fallbackToManualAuth: false }
    }
    const values = await managedValuesFor(wire, asked, platform)
    const open = fields.filter(field => field.required && (!field.managed || values[field.const] === undefined)).map(field => field.const)
    return { hasManagedAuth: true, allRequiredFieldsSatisfied: open.length === 0, visibleFieldConsts: open, missingRequiredFieldConsts: open, fallbackToManualAuth: false }
  }, { refuse: refuseAsError }),

  wireRoute('get', '/admin/managedAuth', 'admin', async (wire, { caller, admin }) => {
    const platform = await wire.platforms.get(await wire.platforms.nameOf(caller.connection))
    const fields = (await fieldsOf(wire, platform)).filter(({ managed }) => managed)
    const [orgFields, userFields] = [fields.filter(({ managedScope }) => managedScope !== 'user'), fields.filter(({ managedScope }) => managedScope === 'user')]
    const kept = await listValues(wire, caller.tenantId, ownerOf(admin))
    const shown = (of: readonly FieldDefinition[], filled: readonly string[] = []) => Object.fromEntries(of.map(field => [field.const, filled.includes(field.const) ? stored : missing]))
    const people = kept.filter(({ name }) => name.startsWith(`${platform.name}:`))
    return {
      hasManagedAuth: fields.length > 0, fields, orgFields, userFields,
      orgValues: shown(orgFields, kept.find(({ name }) => name === platform.name)?.fields),
      userValues: people.map(({ name, fields: filled }) => ({ rcExtensionId: name.slice(platform.name.length + 1), rcUserName: '', fields: shown(userFields, filled) })),
    }
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/managedAuth', 'admin', async (wire, { caller, admin, body }) => {
    const sent = parsed(valuesBody, body)
    const platform = await wire.platforms.get(await wire.platforms.nameOf(caller.connection))
    const managed = (await fieldsOf(wire, platform)).filter(field => field.managed).map(field => field.const)
    const unknown = Object.keys(sent.values ?? {}).find(name => !managed.includes(name))
    if (unknown !== undefined) throw new WireRefusal(400, { error: `${unknown}: is no managed field of this platform` })
    if (sent.scope === 'user' && (sent.rcExtensionId ?? '') === '') throw new WireRefusal(400, { error: 'rcExtensionId: is missing' })
    const name = sent.scope === 'user' ? `${platform.name}:${sent.rcExtensionId ?? ''}` : platform.name
    await changeValues(wire, caller.tenantId, ownerOf(admin), name, sent.values ?? {}, sent.fieldsToRemove ?? [])
    await wire.services.audit.note(caller, 'app_connect.managed_auth_changed', `installation:${platform.installationId}`, { by: admin.actor, scope: sent.scope })
    return 'Shared authentication updated'
  }, { refuse: refuseAsError }),

  wireRoute('post', '/admin/managedAuth/options', 'admin', async (wire, { caller, options, body }) => {
    const { fieldConst, accountValues } = parsed(optionsBody, body)
    return wire.services.gateway.call(caller.connection, options, option, async (crm, ctx) =>
      isConnectorAdapter(crm) ? await crm.appConnect.managedAuthOptions?.(ctx, { fieldConst, accountValues: accountValues ?? {} }) ?? [] : [])
  }, { refuse: refuseAsError }),
]

/** An administrator by API key has no RingCentral account, so there is nobody whom the values would be for. */
function ownerOf({ rcAccountHash }: Admin): string {
  if (rcAccountHash === null) throw new WireRefusal(400, { error: 'Shared fields belong to a RingCentral account: sign in there.' })
  return accountOwner(rcAccountHash)
}

/** As the client's form has them, with what the operator has marked. */
async function fieldsOf(wire: Wire, platform: Platform): Promise<FieldDefinition[]> {
  const { platforms } = await manifestOf(wire, platform)
  const auth = platforms[platform.name]?.auth
  return auth?.type === 'apiKey' ? z.array(fieldDefinition).parse(auth.apiKey.page.content) : []
}
