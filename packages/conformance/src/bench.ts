import { randomUUID } from 'node:crypto'
import { CrmError, type AdapterContext, type AuthScheme, type Contact, type CrmAdapter, type CrmUser } from '@linefinder/core'
import { createAdapterContext, Deadline, OperationCredentials, stopAt, toCrmError } from '@linefinder/core/http'
import type { PhoneOptions } from '@linefinder/core/phone'
import type { z } from 'zod'
import { askedCrm, type AskedCrm } from './asked-crm.js'
import { Absent, Limited } from './check.js'
import type { Connected, CrmUnderTest, ProbeName, Probes } from './crm-under-test.js'
import { frozen } from './freeze.js'
import { limitMeanings, type LimitName } from './limits.js'
import { OpenRules } from './open-rules.js'
import { faultProxy, type FaultProxy } from './proxy/fault-proxy.js'
import type { Fault, FaultScope } from './proxy/faults.js'
import { newWord, SampleNumbers } from './samples.js'
import { TestConnection } from './test-connection.js'
import { watchEnvironment } from './watch/environment.js'
import { textOf, watchOutput } from './watch/output.js'
import { watchRequests } from './watch/requests.js'
import { within, type Scope } from './watch/scope.js'

export type Who = 'first' | 'second'

export interface AskOptions {
  readonly user?: Who
  /** Instead of the user's own. */
  readonly connection?: TestConnection
  /** Another address of the CRM than the first proxy's. */
  readonly hostname?: string
  readonly signal?: AbortSignal
  /** Default 10 s, as a server's. */
  readonly deadlineMs?: number
  readonly idempotencyKey?: string
  /** Waits for the adapter itself, however late it is, instead of leaving it behind at the deadline. */
  readonly isPatient?: boolean
}

const defaultDeadlineMs = 10_000

/** Everything that checks work with: the adapter, the CRM behind a fault proxy, and eyes on what the adapter does meanwhile. */
export class Bench {
  readonly numbers = new SampleNumbers()
  /** Of everything that was asked so far. */
  readonly scopes: Scope[] = []
  readonly #connections = new Map<Who, Promise<TestConnection>>()
  readonly #known = new Map<Who, Promise<CrmUser | null>>()
  readonly #everConnected: TestConnection[] = []
  readonly #stopWatching: readonly (() => void)[]

  private constructor(
    readonly adapter: CrmAdapter,
    readonly crm: CrmUnderTest,
    readonly scheme: AuthScheme,
    readonly settings: Readonly<Record<string, unknown>>,
    readonly proxy: FaultProxy,
    /** The same CRM by another address. */
    readonly otherProxy: FaultProxy,
    private readonly rules: OpenRules,
    private readonly limits: ReadonlySet<LimitName>,
  ) {
    this.#stopWatching = [watchRequests(), watchEnvironment(), watchOutput()]
  }

  static async open(adapter: CrmAdapter, crm: CrmUnderTest, limits: readonly LimitName[]): Promise<Bench> {
    for (const limit of limits) if (!Object.hasOwn(limitMeanings, limit)) throw new Error(`there is no limit ${limit}`)
    const settings = frozen(crm.settings ?? { country: 'NL' })
    const proxy = await faultProxy(crm.origin)
    const otherProxy = await faultProxy(crm.origin)
    const hosts = new Set([proxy, otherProxy].map(({ origin }) => new URL(origin).host))
    hosts.add(nowhere)
    const rules = new OpenRules(crm.origin, proxy.origin, hosts)
    const scheme = typeof adapter.auth === 'function' ? await adapter.auth({ hostname: new URL(proxy.origin).host, settings, secrets: crm.secrets ?? {} }) : adapter.auth
    return new Bench(adapter, crm, scheme, settings, proxy, otherProxy, rules, new Set(limits))
  }

  async close(): Promise<void> {
    for (const stop of this.#stopWatching) stop()
    this.rules.close()
    await Promise.all([this.proxy.close(), this.otherProxy.close(), this.crm.stop?.()])
  }

  get hostname(): string {
    return new URL(this.proxy.origin).host
  }

  get phoneOptions(): PhoneOptions {
    const { country } = this.settings
    return { country: typeof country === 'string' ? country : undefined }
  }

  /** Through the proxy where it is the CRM's. */
  addressOf(template: string): string {
    return this.rules.resolve(template, this.hostname)
  }

  /** Everything that no log may hold. */
  get secrets(): string[] {
    return this.#everConnected.flatMap(({ secrets }) => secrets)
  }

  /** The adapter as a server asks it. Absent members throw `Absent`. */
  as(options: AskOptions = {}): AskedCrm {
    return askedCrm(this, options)
  }

  /** Throws `Limited` when the author has declared the limit. */
  unlessLimited(...names: readonly LimitName[]): void {
    for (const name of names) if (this.limits.has(name)) throw new Limited(`${name}: ${limitMeanings[name]}`)
  }

  hasLimit(name: LimitName): boolean {
    return this.limits.has(name)
  }

  /** Throws `Absent` unless the adapter has them all. */
  needs(...members: readonly (keyof CrmAdapter)[]): void {
    for (const member of members) if (this.adapter[member] === undefined) throw new Absent(`no ${member}`)
  }

  /** Throws `Limited` when the author gave no such probe. */
  probe<Name extends ProbeName>(name: Name): NonNullable<Probes[Name]> {
    const probe = this.crm.probes[name]
    if (!probe) throw new Limited(`no probe ${name}`)
    const look = probe.bind(this.crm.probes) as (...given: unknown[]) => Promise<unknown>
    // True because what a probe gives is plain JSON. A copy, since a test runner's own `Array` is not that of what `fetch` gives.
    return (async (...given: unknown[]) => copyOf(await look(...given))) as NonNullable<Probes[Name]>
  }

  hasProbe(name: ProbeName): boolean {
    return this.crm.probes[name] !== undefined
  }

  /** The credentials of a user, kept from check to check until they are forgotten. */
  connection(who: Who = 'first'): Promise<TestConnection> {
    const known = this.#connections.get(who)
    if (known) return known
    const opening = this.connect(who)
    this.#connections.set(who, opening)
    opening.catch(() => this.#connections.delete(who))
    return opening
  }

  /** New credentials that no other check uses. */
  async connect(who: Who = 'first'): Promise<TestConnection> {
    const user = who === 'first' ? this.crm.user : this.crm.secondUser
    if (!user) throw new Limited('no `secondUser` was given')
    return this.openConnection(await user.connect())
  }

  async openConnection(connected: Connected, hostname = this.hostname): Promise<TestConnection> {
    const { adapter, scheme, rules, crm } = this
    const connection = await TestConnection.open({ adapter, scheme, rules, hostname, oauthClient: crm.oauthClient, settings: this.settings, secrets: crm.secrets ?? {} }, connected)
    this.#everConnected.push(connection)
    return connection
  }

  /** After the CRM has ended every connection. */
  forgetConnections(): void {
    this.#connections.clear()
  }

  /** While `work` runs, requests to the CRM go wrong. Throws `Limited` when there are none. */
  async inFault<Result>(fault: Fault, work: () => Promise<Result>, scope?: FaultScope): Promise<Result> {
    this.unlessLimited('noRequests')
    await this.connection()
    await this.#knownUser('first')
    this.proxy.clear()
    this.proxy.inject(fault, scope)
    try {
      return await work()
    } finally {
      this.proxy.clear()
    }
  }

  /** Runs the adapter under a server's rules: one context, one deadline, a checked answer, one kind of failure. */
  async ask<Schema extends z.ZodType>(
    schema: Schema, member: string, work: (adapter: CrmAdapter, ctx: AdapterContext) => Promise<unknown>, options: AskOptions = {},
  ): Promise<z.output<Schema>> {
    const { user = 'first', deadlineMs = defaultDeadlineMs, isPatient = false } = options
    const source = options.connection ?? await this.connection(user)
    const known = member === 'getUserInfo' ? null : await this.#knownUser(user)
    const hostname = options.hostname ?? this.hostname
    const scope: Scope = {
      requestId: `conformance-${member}-${randomUUID()}`, requests: [], environment: [], said: [],
      allowedOrigins: [`http://${hostname}`, ...(this.crm.otherOrigins ?? [])],
    }
    this.scopes.push(scope)
    const deadline = new Deadline(deadlineMs, options.signal)
    const { signal } = deadline
    const say = (message: string, fields?: Readonly<Record<string, unknown>>) => { scope.said.push(textOf([message, fields])) }
    const ctx = createAdapterContext({
      adapter: this.adapter, scheme: this.scheme, credentials: new OperationCredentials(source), guard: this.rules, signal, requestId: scope.requestId, idempotencyKey: options.idempotencyKey,
      connection: frozen({ id: `connection-${user}`, hostname, settings: this.settings, secrets: frozen(this.crm.secrets ?? {}), user: known }),
      phoneOptions: this.phoneOptions,
      log: { debug: say, warn: say },
    })
    try {
      const asked = within(scope, async () => work(this.adapter, ctx))
      return schema.parse(await (isPatient ? asked : stopAt(signal, asked)))
    } catch (error) {
      if (error instanceof Absent || error instanceof Limited) throw error
      const failure = toCrmError(error, signal)
      scope.said.push(textOf([failure.message, failure.detail, failure.code === 'adapter_fault' ? undefined : failure.cause]))
      throw failure
    } finally {
      deadline.end()
    }
  }

  /** A contact that is in the CRM with these phones as spelled, and is found by now. */
  async seed({ name = `Contact ${newWord()}`, phones = [this.numbers.next()], email }: { name?: string; phones?: readonly string[]; email?: string } = {}): Promise<{ id: Contact['id']; name: string; phones: readonly string[] }> {
    const [first = ''] = phones
    if (!this.hasProbe('createContact') && phones.length > 1) throw new Limited('no probe createContact')
    const id = this.hasProbe('createContact')
      ? await this.probe('createContact')({ name, phones, ...(email === undefined ? {} : { email }) })
      : (await this.as().createContact({ name, phone: first })).id
    return { id: id as Contact['id'], name, phones }
  }

  /** Asks until `isThere` of the answer, at most as long as a contact may stay out of what the CRM finds. */
  async untilFound<Answer>(work: () => Promise<Answer>, isThere: (answer: Answer) => boolean): Promise<Answer> {
    const endsAt = Date.now() + (this.crm.contactLagMs ?? this.adapter.contactLagMs ?? 15 * 60_000)
    for (;;) {
      const answer = await work()
      if (isThere(answer) || Date.now() >= endsAt) return answer
      await new Promise(resolve => setTimeout(resolve, 500))
    }
  }

  /** Until an activity that was made just now must be found by our id. */
  async untilCommitted(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, this.adapter.commitLagMs ?? 0))
  }

  /** `null` while it cannot be had, which a check of its own tells. */
  #knownUser(who: Who): Promise<CrmUser | null> {
    const known = this.#known.get(who) ?? this.as({ user: who }).getUserInfo().catch((error: unknown) => {
      if (error instanceof CrmError) return null
      throw error
    })
    this.#known.set(who, known)
    return known
  }
}

const copyOf = (value: unknown): unknown => value === undefined ? undefined : JSON.parse(JSON.stringify(value))

/** A port of this machine where nothing listens. */
export const nowhere = '127.0.0.1:1'
