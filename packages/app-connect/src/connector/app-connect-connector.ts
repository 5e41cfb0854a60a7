import {
  bodyDetails, CrmError, crmUserId, type ActivityRef, type BodyFormat, type CallLog, type ContactId, type CrmAdapter, type CrmUser, type InstallationFacts, type MessageLog, type PhoneQuery, type Property,
} from '@linefinder/core'
import type { ConnectorAdapter, JsonObject } from '../extras.js'
import * as answers from './answers.js'
import { createCallLog, readActivity, setDisposition, updateCallLog } from './call-logs.js'
import { getUserInfo, renewCredentials, schemeOf, type AuthOptions } from './connecting.js'
import type { Output } from './connector-call.js'
import { connectorModuleOf, type ConnectorModule } from './connector-module.js'
import { create, createInputOf, findByName, findByPhone, findQueryOf, toContacts } from './contacts.js'
import { extrasOf } from './extras-of.js'
import { guardedAxios } from './guarded-axios.js'
import { ConnectorHost, crmIdOf } from './host.js'
import { loadConnectors, type LoadedConnectors } from './loader.js'
import { dispositionFieldOf, keyedManifest, logFieldsOf, pageUrl, platformOf, type PlatformManifest } from './manifest.js'
import { createMessageLog, updateMessageLog } from './messages.js'
import { createShim } from './shim/index.js'

export interface ConnectorOptions extends AuthOptions {
  /** The connector's key in the manifest. Default the only one that registers itself, else the only platform of the manifest. */
  readonly platform?: string
  /** App Connect's manifest, whole. Default what the connector's application registers. */
  readonly manifest?: JsonObject
  /** The adapter's id. Default the platform's name in small letters. */
  readonly id?: string
  /** What the connector finds in `process.env`, beside the installation's properties. Nothing else of the environment is there. */
  readonly environment?: Readonly<Record<string, string>>
  /** What an admin fills in for an installation; each is found in `process.env` by its name. */
  readonly properties?: readonly Property[]
  /** Which member of `platformAdditionalInfo` is the id of the customer's account. Default none: each connection is an account of its own. */
  readonly accountKey?: string
  /** What the CRM's phone search compares. Default as the contract's. */
  readonly phoneSearch?: CrmAdapter['phoneSearch']
  readonly defaultHostname?: string
  readonly contactLagMs?: number
  /** For a CRM that answers a second POST with the same key by the first one's answer. Every POST of one create has the same. Default false. */
  readonly sendsIdempotencyKey?: boolean
  /**
   * For a connector whose update leaves the times and the text of a log as they are when it is not told of them. Default false: it is told of them with
   * every change, since many write them with every change.
   */
  readonly keepsUntold?: boolean
  /** Where goes what the connector prints and logs. Default nowhere: names, notes and tokens are in it. */
  readonly output?: Output
}

/**
 * An App Connect connector as an adapter: its path, so that what it requires is given by us; what `loadConnectors` gave; or a module that is loaded already and
 * requires nothing of App Connect.
 */
export function appConnectConnector(source: string | LoadedConnectors | ConnectorModule, options: ConnectorOptions = {}): ConnectorAdapter {
  const loaded = loadedFrom(source, options)
  const named = loaded.registered.filter(each => each.platform !== '')
  const platform = options.platform ?? (named.length === 1 ? named[0]?.platform : undefined) ?? onlyPlatform(options.manifest)
  const registered = loaded.registered.find(each => each.platform === platform) ?? loaded.registered.find(each => each.platform === '')
  if (!registered) throw new Error(`the connector registers no platform "${platform}"`)
  const written = options.manifest ?? registered.manifest
  if (!written) throw new Error(`the connector "${platform}" needs its manifest`)
  const manifest = keyedManifest(written)
  const platformManifest = platformOf(manifest, platform)
  const { module } = registered
  const logFormat = module.getLogFormatType ? String(module.getLogFormatType(platform, undefined)) : 'text/plain'
  const bodyFormat = formats[logFormat]
  const host = new ConnectorHost({
    platform, module, hasBody: bodyFormat !== undefined, manifest, platformManifest, shim: loaded.shim,
    sendsIdempotencyKey: options.sendsIdempotencyKey ?? false, keepsUntold: options.keepsUntold ?? false, accountKey: options.accountKey,
  })
  return adapterOf(host, platformManifest, options, bodyFormat, logFormat)
}

function loadedFrom(source: string | LoadedConnectors | ConnectorModule, { environment, output }: ConnectorOptions): Pick<LoadedConnectors, 'registered' | 'shim'> {
  if (typeof source === 'string') return loadConnectors({ path: source, ...(environment && { environment }), ...(output && { output }) })
  if ('registered' in source && 'shim' in source) return source
  const shim = createShim({ axios: guardedAxios(), output: output ?? (() => undefined), environment: name => environment?.[name], requireOwn: () => { throw new Error('load the connector by its path') } })
  return { registered: [{ platform: '', module: connectorModuleOf(source), manifest: null }], shim }
}

function onlyPlatform(manifest: JsonObject | undefined): string {
  const names = Object.keys(keyedManifest(manifest ?? {})['platforms'] as JsonObject)
  const [only, ...others] = names
  if (only === undefined || others.length > 0) throw new Error(`say which platform it is: ${names.join(', ') || 'the manifest has none'}`)
  return only
}

const formats: Readonly<Record<string, BodyFormat>> = { 'text/plain': 'plain', 'text/html': 'html', 'text/markdown': 'markdown' }

/** A connector is given what was chosen in its form and puts it where it belongs. App Connect's text does not tell it either: much of it is ids. */
const detailsBesideTheForm = bodyDetails.filter(detail => detail !== 'fields')

function adapterOf(host: ConnectorHost, manifest: PlatformManifest, options: ConnectorOptions, bodyFormat: BodyFormat | undefined, logFormat: string): ConnectorAdapter {
  const { platform } = host.parts
  const dispositions = dispositionFieldOf(manifest)
  const hasDispositions = host.has('upsertCallDisposition') && dispositions?.options !== undefined
  // What is set by a function of its own is no field beside.
  const fields = logFieldsOf(manifest).filter(({ name }) => !hasDispositions || name !== dispositions.name)
  const addresses = addressesOf(manifest)
  const extras = extrasOf(host, bodyFormat === undefined ? null : logFormat)
  // True because each member below is one of the contract's; those that are conditional are optional there.
  return {
    id: options.id ?? platform.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    name: manifest.displayName ?? manifest.name ?? platform,
    contractVersion: 1,
    needsCredentials: true,
    appConnect: extras,
    auth: installation => schemeOf(host, installation, options),
    ...(options.properties && { properties: options.properties }),
    ...(options.phoneSearch !== undefined && { phoneSearch: options.phoneSearch }),
    ...(options.defaultHostname !== undefined && { defaultHostname: options.defaultHostname }),
    ...(options.contactLagMs !== undefined && { contactLagMs: options.contactLagMs }),
    ...(bodyFormat && { bodyFormat, bodyDetails: dispositions ? detailsBesideTheForm.filter(detail => detail !== 'disposition') : detailsBesideTheForm }),

    getUserInfo: ctx => getUserInfo(host, ctx),
    async findContact(ctx, query: PhoneQuery) {
      if (!host.has('findContact')) return []
      const asked = findQueryOf(query)
      return toContacts(await findByPhone(host, ctx, asked), asked.phoneNumber)
    },
    createContact: async (ctx, input) => (await create(host, ctx, createInputOf(host, input))).contact,
    createCallLog: (ctx, log) => createCallLog(host, ctx, log),
    updateCallLog: (ctx, ref, log, changed: readonly (keyof CallLog)[]) => updateCallLog(host, ctx, ref, log, changed),
    async logout(ctx) {
      await host.run(ctx, async (call, { user }) => {
        if (host.has('unAuthorize')) await host.askLeniently(call, answers.beside, 'unAuthorize', { user })
      }, { isEnding: true })
    },

    ...(host.has('checkAndRefreshAccessToken') && { renewCredentials: ctx => renewCredentials(host, ctx) }),
    ...(host.has('findContactWithName') && {
      searchContacts: async (ctx, text, limit) => toContacts(await findByName(host, ctx, text), null).slice(0, limit),
    }),
    ...(host.has('getCallLog') && { getCallLog: (ctx, ref) => readActivity(host, ctx, ref) }),
    ...(hasDispositions && {
      setDisposition: (ctx, ref, disposition) => setDisposition(host, ctx, ref, disposition),
      listDispositions: async () => [...dispositions.options ?? []],
    }),
    ...(fields.length > 0 && { fields: async (_ctx, { kind }) => kind === 'call' ? [...fields] : [] }),
    ...(host.has('createMessageLog') && host.has('updateMessageLog') && {
      createMessageLog: (ctx, log) => createMessageLog(host, ctx, log),
      updateMessageLog: (ctx, ref, log, changed: readonly (keyof MessageLog)[]) => updateMessageLog(host, ctx, ref, log, changed),
    }),
    ...(host.has('getUserList') && { listUsers: ctx => listUsers(host, ctx) }),
    ...(addresses.contact && { contactUrl: addresses.contact }),
    ...(addresses.activity && { activityUrl: addresses.activity }),
  } satisfies Partial<ConnectorAdapter> as ConnectorAdapter
}

const listUsers = (host: ConnectorHost, ctx: Parameters<CrmAdapter['logout']>[0]): Promise<CrmUser[]> => host.run(ctx, async (call, given) => {
  const found = await host.askLeniently(call, answers.users, 'getUserList', given)
  if (found.length === 0 && call.failure) throw call.failure
  const account = ctx.connection.user?.account
  return found.map(({ id, name, email }) => ({ ...(account && { account }), id: crmUserId.parse(crmIdOf(id, host.parts.platform)), name: name === '' ? id : name, ...(email != null && email !== '' && { email }) }))
})

/** Only where they say more than a connector's record is known by. */
function addressesOf({ contactPageUrl, logPageUrl, contactTypes }: PlatformManifest) {
  const contactType = contactTypes.length === 1 ? contactTypes[0]?.value : undefined
  const probe = { hostname: 'crm.example', contactId: '1', contactType, logId: '1' }
  const contact = pageUrl(contactPageUrl, { ...probe, logId: undefined }) === null ? null
    : ({ hostname }: InstallationFacts, id: ContactId) => pageUrl(contactPageUrl, { hostname, contactId: id, contactType }) ?? unknownPage()
  const activity = pageUrl(logPageUrl, { ...probe, contactId: undefined, contactType: undefined }) === null ? null
    : ({ hostname }: InstallationFacts, { id }: ActivityRef) => pageUrl(logPageUrl, { hostname, logId: id }) ?? unknownPage()
  return { contact, activity }
}

function unknownPage(): never {
  throw new CrmError('unsupported')
}
