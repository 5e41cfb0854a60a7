import type { z } from 'zod'
import type { AuthScheme } from '@linefinder/core'
import type { ImportedLink, ImportOutcome, ImportTarget, LinefinderServer } from '@linefinder/server'
import { CommandError } from '../command-error.js'
import type { Config } from '../config.js'
import { withServer } from '../commands/with-server.js'
import { crmUserIdOf, toAdminSettings, toCallLink, toMessageLink, toUser, toUserSettings, type HowPeopleSignIn, type Mapping } from './mapping.js'
import { Tally } from './report.js'
import { openSource, type Source } from './source.js'
import { selectAdministrations, selectCalls, selectConversations, selectUsers, sourceAdministration, sourceCall, sourceConversation, sourceUser } from './source-rows.js'

export interface ImportOptions {
  readonly from: string
  readonly installation: string
  readonly tenant: string
  readonly platform?: string
  readonly phoneSystem?: string
  readonly clientApp: string
  readonly host?: string
  readonly keyField?: string
  /** `false`: people sign in again. */
  readonly credentials: boolean
  readonly replaceCredentials: boolean
  readonly dryRun: boolean
}

const toldEvery = 100_000
/** As much as the server keeps. */
const maxSettingBytes = 256 * 1024

/** Prints what was taken over, or would be, table by table. */
export async function importAppConnect(config: Config, options: ImportOptions): Promise<void> {
  const source = await openSource(options.from)
  try {
    const platform = choosePlatform(source, options.platform)
    await withServer(config, async server => {
      const phoneSystem = options.phoneSystem ?? await phoneSystemOf(server, options)
      await new Import(server, source, options, { platform, phoneSystem }, config.LINEFINDER_APP_CONNECT_HASH_KEY !== undefined).run()
    })
  } finally {
    await source.close()
  }
}

class Import {
  readonly #target: ImportTarget
  /** By id in the CRM, those of this run that would be new. */
  readonly #coming = new Set<string>()

  constructor(
    private readonly server: LinefinderServer, private readonly source: Source, private readonly options: ImportOptions, private readonly mapping: Mapping,
    private readonly hasHashKey: boolean,
  ) {
    const { tenant: tenantId, installation: installationId, host, dryRun: isDryRun } = options
    this.#target = { tenantId, installationId, host, isDryRun }
  }

  async run(): Promise<void> {
    const { platform, phoneSystem } = this.mapping
    const scheme = await this.server.services.imports.schemeOf(this.#target)
    const keyField = this.options.credentials ? keyFieldOf(scheme, this.options.keyField) : null
    console.log(`App Connect’s platform "${platform}" ${this.options.dryRun ? 'would be' : 'is'} taken over as calls of the phone system "${phoneSystem}".`)
    await this.#users({ scheme, keyField })
    await this.#links('Call logs', selectCalls(column => this.source.hasColumn('callLogs', column)), sourceCall, toCallLink)
    if (this.source.has('messageLogs')) await this.#links('Message logs', selectConversations, sourceConversation, toMessageLink)
    if (this.source.has('adminConfigs')) await this.#administrations()
    if (this.options.dryRun) console.log('Nothing was changed. Without --dry-run it is.')
  }

  async #users(how: HowPeopleSignIn): Promise<void> {
    const { imports } = this.server.services
    const tally = new Tally('Users')
    const settingsTally = new Tally('Settings of users')
    for await (const rows of this.source.read(selectUsers, this.mapping.platform, sourceUser)) {
      const users = rows.flatMap(row => {
        const crmUserId = crmUserIdOf(row.id, this.mapping.platform)
        if (crmUserId === null) tally.skip(row.id, 'unknown_form')
        return crmUserId === null ? [] : [toUser(this.options.credentials ? row : { ...row, accessToken: null }, crmUserId, how)]
      })
      const outcomes = await imports.users(this.#target, users, this.options.replaceCredentials)
      for (const [index, { is }] of outcomes.entries()) if (is === 'new') this.#coming.add(users[index]?.crmUserId ?? '')
      tally.add(outcomes)
      const settingsOf = new Map(rows.map(({ id, userSettings }) => [id, toUserSettings(userSettings)]))
      for (const outcome of outcomes) {
        const settings = settingsOf.get(outcome.label) ?? null
        if (settings && outcome.is !== 'skipped') settingsTally.add([await this.#settings(outcome.label, outcome.connectionId, settings)])
      }
    }
    console.log(tally.toString())
    console.log(settingsTally.toString())
  }

  /** They are known by the hash of a RingCentral account, so an administrator of it has to come before they count. */
  async #administrations(): Promise<void> {
    if (!this.hasHashKey) {
      console.log('What administrators have set is not taken over: say App Connect’s HASH_KEY in LINEFINDER_APP_CONNECT_HASH_KEY, here and for the server, and run this again.')
      return
    }
    const tally = new Tally('What administrators have set')
    for await (const rows of this.source.read(selectAdministrations(this.source.hasColumn('adminConfigs', 'userMappings')), null, sourceAdministration)) {
      for (const row of rows) {
        const settings = toAdminSettings(row)
        if (!settings) continue
        if (Buffer.byteLength(JSON.stringify(settings)) > maxSettingBytes) tally.skip(row.id, 'too_large')
        else tally.add([await this.#keep(row.id, { owner: `rc-account:${row.id}`, name: 'imported-admin-settings' }, settings)])
      }
    }
    console.log(tally.toString())
  }

  /** Where App Connect's surface keeps them; what somebody has set here already stays. */
  async #settings(label: string, connectionId: string | undefined, settings: Readonly<Record<string, unknown>>): Promise<ImportOutcome> {
    if (connectionId === undefined) return { label, is: 'new' }
    return this.#keep(label, { owner: `connection:${connectionId}`, name: 'user-settings' }, settings)
  }

  async #keep(label: string, place: { owner: string; name: string }, settings: Readonly<Record<string, unknown>>): Promise<ImportOutcome> {
    const { tenantId, isDryRun } = this.#target
    const key = { scope: 'app-connect', ...place }
    if (await this.server.services.settings.get(tenantId, key)) return { label, is: 'there' }
    if (!isDryRun) await this.server.services.settings.put(tenantId, key, settings)
    return { label, is: 'new' }
  }

  async #links<Row extends { userId: string | null }>(
    title: string, select: string, schema: z.ZodType<Row>,
    toLink: (row: Row, crmUserId: string, mapping: Mapping) => ImportedLink,
  ): Promise<void> {
    const tally = new Tally(title)
    let toldAt = 0
    for await (const rows of this.source.read(select, this.mapping.platform, schema)) {
      const links = rows.flatMap(row => {
        const crmUserId = crmUserIdOf(row.userId, this.mapping.platform)
        const link = toLink(row, crmUserId ?? '', this.mapping)
        if (crmUserId === null) tally.skip(link.label, 'unknown_user')
        return crmUserId === null ? [] : [link]
      })
      tally.add(await this.server.services.imports.links(this.#target, links, id => this.#coming.has(id)))
      if (tally.total - toldAt < toldEvery) continue
      toldAt = tally.total
      console.error(`${title}: ${String(toldAt)} so far`)
    }
    console.log(tally.toString())
  }
}

/** Under which App Connect's surface logs the calls of the client app. */
async function phoneSystemOf({ services }: LinefinderServer, { clientApp, tenant }: ImportOptions): Promise<string> {
  const { tenantId, phoneSystem } = await services.clientApps.get(clientApp)
  if (tenantId !== tenant) throw new CommandError(`The client app "${clientApp}" is not one of tenant "${tenant}". Say with --client-app which one App Connect’s clients use.`)
  return phoneSystem
}

/** Which of the platforms is the installation's is never guessed. */
function choosePlatform({ platforms }: Source, wanted: string | undefined): string {
  const list = platforms.map(({ platform, users }) => `${platform} (${String(users)} ${users === 1 ? 'user' : 'users'})`).join(', ')
  if (platforms.length === 0) throw new CommandError('App Connect’s database has no users.')
  const [only, another] = platforms.filter(({ platform }) => wanted === undefined || platform === wanted)
  if (!only) throw new CommandError(`App Connect has no platform "${String(wanted)}" there, but: ${list}.`)
  if (another) throw new CommandError(`App Connect has several platforms there. Say with --platform which of them is the installation’s: ${list}.`)
  return only.platform
}

/** The field of the form that takes App Connect's API key. Throws `CommandError` when that is not clear. */
function keyFieldOf(scheme: AuthScheme, wanted: string | undefined): string | null {
  if (scheme.type === 'oauth2' || scheme.type === 'custom') return null
  const names = scheme.fields.map(({ name }) => name)
  const field = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (field !== undefined && names.includes(field)) return field
  throw new CommandError(`Say with --key-field which field of the CRM’s form takes what App Connect has as API key: ${names.join(', ')}.`)
}
