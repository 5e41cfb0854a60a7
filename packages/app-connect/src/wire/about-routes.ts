import { z } from 'zod'
import { CrmError, crmUser } from '@linefinder/core'
import { isConnectorAdapter } from '../extras.js'
import { toJson } from './failures.js'
import { interfacesOf } from './interfaces.js'
import { manifestOf, wireVersion } from './manifest.js'
import { findCaller, wireRoute } from './route.js'
import { sayDone, sayWarning } from './say.js'
import { adapterOf, type Wire, type WireRequest, type WireRoute } from './wire.js'

const licence = z.object({ isLicenseValid: z.boolean(), licenseStatus: z.string().optional(), licenseStatusDescription: z.string().optional() })

export const aboutRoutes: WireRoute[] = [
  wireRoute('get', '/crmManifest', 'public', async (wire, { query }) => {
    const name = query.get('platformName')
    return manifestOf(wire, name === null ? undefined : await wire.platforms.get(name))
  }),

  wireRoute('get', '/implementedInterfaces', 'public', async (wire, { query }) => interfacesOf((await wire.platforms.get(query.get('platform') ?? undefined)).adapter)),

  wireRoute('get', '/isAlive', 'public', async () => 'OK'),

  wireRoute('get', '/serverVersionInfo', 'public', async () => ({ version: wireVersion })),

  wireRoute('get', '/releaseNotes', 'public', async () => ({})),

  // Whoever asks learns nothing that lets them in: what goes by these hashes here is read with a token only.
  wireRoute('get', '/userInfoHash', 'public', async ({ hashes }, { query }) => {
    const hashed = (name: string) => { const id = query.get(name); return id === null || id === '' ? {} : { [name]: hashes.of(id) } }
    return { ...hashed('extensionId'), ...hashed('accountId') }
  }),

  // Answered with 200 also without a session, as the client asks again when it has logged out.
  wireRoute('get', '/licenseStatus', 'public', async (wire, asked) => {
    const caller = await findCaller(wire, asked.request, asked.response, asked.query)
    if (!caller) return { isLicenseValid: false, licenseStatus: 'Not connected', licenseStatusDescription: '' }
    return licenceOf(wire, { ...asked, caller } as unknown as WireRequest<'session'>)
  }, { refuse: said => ({ status: 200, body: { isLicenseValid: false, licenseStatus: 'Not known', licenseStatusDescription: said.returnMessage.message ?? '' } }) }),

  wireRoute('get', '/hostname', 'session', async (_wire, { caller }) => caller.connection.hostname),

  wireRoute('get', '/authValidation', 'session', async (wire, asked) => {
    try {
      return await validated(wire, asked)
    } catch (error) {
      if (!(error instanceof CrmError)) throw error
      // The client deletes its token for anything but a yes: a CRM that is out of service is no reason for that.
      if (error.code !== 'unauthorized') return { successful: true, ...sayWarning('The CRM cannot be asked at the moment.') }
      return { successful: false, ...sayWarning('The CRM no longer accepts this connection. Please connect again.') }
    }
  }),
]

async function licenceOf({ services, ...wire }: Wire, { caller, options }: WireRequest<'session'>): Promise<object> {
  const adapter = adapterOf({ services, ...wire }, caller)
  const known = { isLicenseValid: true, licenseStatus: 'Not needed', licenseStatusDescription: '' }
  if (!isConnectorAdapter(adapter) || !adapter.appConnect.licenseStatus) return known
  return services.gateway.call(caller.connection, options, licence, async (crm, ctx) => isConnectorAdapter(crm) ? await crm.appConnect.licenseStatus?.(ctx) ?? known : known)
}

const validation = z.object({ successful: z.boolean(), returnMessage: z.custom<NonNullable<Parameters<typeof toJson>[0]['returnMessage']>>().optional() })

async function validated({ services, ...wire }: Wire, { caller, options }: WireRequest<'session'>): Promise<object> {
  const adapter = adapterOf({ services, ...wire }, caller)
  if (isConnectorAdapter(adapter) && adapter.appConnect.authValidation) {
    const { successful, returnMessage } = await services.gateway.call(caller.connection, options, validation, async (crm, ctx) =>
      isConnectorAdapter(crm) ? await crm.appConnect.authValidation?.(ctx) ?? { successful: true } : { successful: true })
    return { successful, ...toJson({ returnMessage }) }
  }
  await services.gateway.call(caller.connection, options, crmUser, (crm, ctx) => crm.getUserInfo(ctx))
  return { successful: true, ...sayDone('Connected.') }
}

