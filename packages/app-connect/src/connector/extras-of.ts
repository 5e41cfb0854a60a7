import { CrmError, type AdapterContext, type JsonValue } from '@linefinder/core'
import type { AppConnectUserFacts, AppointmentAnswer, ConnectorExtras, JsonObject } from '../extras.js'
import * as answers from './answers.js'
import { getCallLog } from './call-logs.js'
import { connectorFunctions, type ConnectorFunction } from './connector-module.js'
import { create, findByName, findByPhone } from './contacts.js'
import { refusalOf } from './failures.js'
import type { ConnectorHost } from './host.js'

/** What App Connect's wire asks of this connector beside the adapter's members. */
export function extrasOf(host: ConnectorHost, logFormat: string | null): ConnectorExtras {
  const { module, platform, manifest, shim } = host.parts
  const when = <Member>(name: ConnectorFunction, member: Member): Member | undefined => host.has(name) ? member : undefined
  const appointment = (name: ConnectorFunction) => when(name, (ctx: AdapterContext, appointmentId: string) => aboutAppointment(host, ctx, name, { appointmentId }))
  const sources = module.accountData ?? {}
  const members: { readonly [Name in keyof ConnectorExtras]: ConnectorExtras[Name] | undefined } = {
    platform, manifest, logFormat,
    functions: connectorFunctions.filter(name => host.has(name)),
    takeMessage: (connectionId, activityId) => host.takeMessage(connectionId, activityId),
    readAdminSettingsBy: read => { host.adminSettingsReaders.push(read) },
    userFacts: ctx => host.run(ctx, async call => factsOf(call.user, ctx.connection.id)),
    keepUserFacts: (ctx, facts) => host.run(ctx, async (_call, { user }) => { await user.update({ ...facts }) }),
    findContact: (ctx, query) => host.has('findContact') ? findByPhone(host, ctx, query) : Promise.reject(new CrmError('unsupported')),
    findContactWithName: when('findContactWithName', (ctx, name) => findByName(host, ctx, name)),
    createContact: when('createContact', (ctx, input) => create(host, ctx, input)),
    getCallLog: when('getCallLog', (ctx, query) => getCallLog(host, ctx, query)),
    authValidation: when('authValidation', ctx => host.run(ctx, async (call, { user }) => {
      const { successful = false, status, returnMessage } = await host.askLeniently(call, answers.outcome, 'authValidation', { user })
      return { successful, ...(status !== undefined && { status }), ...(returnMessage && { returnMessage }) }
    })),
    licenseStatus: when('getLicenseStatus', ctx => host.run(ctx, async (call, { user }) => {
      const { isLicenseValid, licenseStatus, licenseStatusDescription } = await host.askLeniently(call, answers.license, 'getLicenseStatus', { userId: user.id, platform, user })
      return { isLicenseValid, ...(licenseStatus != null && { licenseStatus }), ...(licenseStatusDescription != null && { licenseStatusDescription }) }
    })),
    refreshUserInfo: when('refreshUserInfo', ctx => host.run(ctx, async (call, given) => {
      const { returnMessage } = await host.ask(call, answers.outcome, 'refreshUserInfo', given)
      return returnMessage ? { returnMessage } : {}
    })),
    updateUserSettings: (ctx, { userSettings, updatedSettings }) => host.run(ctx, async (call, { user }) => {
      const { successful = true, returnMessage } = host.has('onUpdateUserSettings')
        ? await host.askLeniently(call, answers.outcome, 'onUpdateUserSettings', { user, userSettings, updatedSettings }) : {}
      if (successful) await user.update({ userSettings: updatedSettings })
      return { successful, ...(returnMessage && { returnMessage }) }
    }),
    serverLoggingSettings: when('getServerLoggingSettings', ctx => host.run(ctx, (call, { user }) => host.askLeniently(call, answers.jsonObject, 'getServerLoggingSettings', { user }))),
    updateServerLoggingSettings: when('updateServerLoggingSettings', (ctx, additionalFieldValues) => host.run(ctx, async (call, { user }) => {
      const { successful = false, returnMessage } = await host.askLeniently(call, answers.outcome, 'updateServerLoggingSettings', { user, additionalFieldValues, oauthApp: await host.oauthApp(user) })
      return { successful, ...(returnMessage && { returnMessage }) }
    })),
    managedAuthOptions: when('getManagedAuthOptions', (ctx, query) => host.run(ctx, call => host.askLeniently(call, answers.options, 'getManagedAuthOptions', query))),
    listAppointments: when('listAppointments', (ctx, range) => aboutAppointment(host, ctx, 'listAppointments', { range })),
    createAppointment: when('createAppointment', (ctx, payload) => aboutAppointment(host, ctx, 'createAppointment', { payload })),
    updateAppointment: when('updateAppointment', (ctx, appointmentId, patchBody) => aboutAppointment(host, ctx, 'updateAppointment', { appointmentId, patchBody })),
    refreshAppointment: appointment('refreshAppointment'),
    confirmAppointment: appointment('confirmAppointment'),
    cancelAppointment: appointment('cancelAppointment'),
    accountDataKeys: Object.keys(sources),
    accountData: (ctx, key, forceRefresh = false) => host.run(ctx, async (_call, { user, authHeader }) => {
      const source = Object.hasOwn(sources, key) ? sources[key] : undefined
      if (!source) throw new CrmError('not_found', { detail: 'The connector has no account data of that name.' })
      return answers.sent(await shim.accountData.resolve(`${platform} ${key}`, source, { user, authHeader }, forceRefresh) ?? null) as JsonValue
    }),
  }
  // True because only optional members can be undefined.
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as unknown as ConnectorExtras
}

const aboutAppointment = (host: ConnectorHost, ctx: AdapterContext, name: ConnectorFunction, more: object): Promise<AppointmentAnswer> => host.run(ctx, async (call, given) => {
  const answer = await host.askLeniently(call, answers.outcome, name, { ...given, ...more })
  if (answer.successful === false) throw refusalOf(answer, call)
  const { successful: _successful, returnMessage, extraDataTracking: _tracking, status: _status, ...values } = answer
  return { values: JSON.parse(JSON.stringify(values)) as JsonObject, ...(returnMessage && { returnMessage }) }
})

function factsOf({ rcAccountId, hashedRcExtensionId, userSettings }: { rcAccountId: string | undefined; hashedRcExtensionId: string | undefined; userSettings: Record<string, unknown> }, standIn: string): AppConnectUserFacts {
  return { ...(rcAccountId !== undefined && rcAccountId !== standIn && { rcAccountId }), ...(hashedRcExtensionId !== undefined && { hashedRcExtensionId }), userSettings: userSettings as JsonObject }
}
