import { randomUUID } from 'node:crypto'
import { type AdapterContext, type AuthScheme } from '@linefinder/core'
import { createAdapterContext, createHttp, Deadline, HeldHere, OperationCredentials, type AddressRules, type Credentials } from '@linefinder/core/http'
import { adapterOf, DocumentMethods, type Description } from '@linefinder/declarative'
import { CommandError } from '../command-error.js'
import { Secrets } from './secrets.js'

export interface OpenOptions {
  readonly description: Description
  /** By name, secret and personal ones too. */
  readonly properties: ReadonlyMap<string, string>
  readonly host: string | undefined
  readonly guard: AddressRules
  token(): string
}

export interface OpenCrm {
  readonly methods: DocumentMethods
  readonly ctx: AdapterContext
  readonly secrets: Secrets
  close(): void
}

const deadlineMs = 60_000

/** The document's CRM, as a server would reach it for one request. */
export async function openCrm({ description, properties, host, guard, token }: OpenOptions): Promise<OpenCrm> {
  const adapter = adapterOf(description)
  const methods = new DocumentMethods(description)
  const pick = (isSecret: boolean) => Object.fromEntries(description.properties.filter(each => each.isSecret === isSecret).flatMap(({ name }) => {
    const value = properties.get(name)
    return value === undefined ? [] : [[name, value] as const]
  }))
  const installation = { settings: { properties: pick(false) }, secrets: pick(true) }
  const hostname = host ?? adapter.defaultHostname ?? hostOf(methods, installation)
  const scheme = typeof adapter.auth === 'function' ? await adapter.auth({ hostname, ...installation }) : adapter.auth
  const deadline = new Deadline(deadlineMs)
  const held = await credentialsFor(scheme, { description, properties, guard, hostname, signal: deadline.signal, token })
  const ctx = createAdapterContext({
    adapter, scheme, guard, signal: deadline.signal, requestId: `try-${randomUUID()}`, phoneOptions: {},
    credentials: new OperationCredentials(new HeldHere(held)),
    connection: { id: 'try', hostname, ...installation, user: null },
    log: { debug: () => undefined, warn: message => { console.error(message) } },
  })
  const secretNames = [...description.properties, ...description.personal].filter(({ isSecret }) => isSecret)
  const values = [...secretNames.flatMap(({ name }) => properties.get(name) ?? []), ...(held.type === 'oauth2' ? [held.accessToken] : [])]
  const { auth } = description
  return { methods, ctx, secrets: new Secrets(values, auth.type === 'header' ? [auth.name] : []), close: () => { deadline.end() } }
}

interface CredentialParts {
  readonly description: Description
  readonly properties: ReadonlyMap<string, string>
  readonly guard: AddressRules
  readonly hostname: string
  readonly signal: AbortSignal
  token(): string
}

async function credentialsFor(scheme: AuthScheme, { description, properties, guard, hostname, signal, token }: CredentialParts): Promise<Credentials> {
  if (scheme.type === 'oauth2') return { type: 'oauth2', accessToken: token() }
  // A form's fields are shown by their labels. Who the agent is in the CRM matters to no single request.
  const fields = Object.fromEntries(scheme.fields.map(({ name, label }) => {
    const property = description.personal.find(each => (each.label ?? each.name) === label)
    return [name, property ? properties.get(property.name) ?? '' : '']
  }))
  if (scheme.type !== 'custom') return { type: 'fields', fields }
  const http = createHttp({ guard, signal, requestId: `try-${randomUUID()}`, baseUrl: guard.resolve('https://{hostname}', hostname) })
  return { type: 'custom', fields, session: withoutAbsent(await scheme.login({ http, hostname, signal }, fields)) }
}

const withoutAbsent = ({ values, expiresAt }: { readonly values: Readonly<Record<string, string>>; readonly expiresAt?: number }) =>
  ({ values: { ...values }, ...(expiresAt === undefined ? {} : { expiresAt }) })

/** Where the document's addresses lead to, when properties are filled in. */
function hostOf(methods: DocumentMethods, installation: { readonly settings: Readonly<Record<string, unknown>>; readonly secrets: Readonly<Record<string, string>> }): string {
  const { resourceUrl, methods: all } = methods.description
  const template = resourceUrl ?? Object.values(all)[0]?.url ?? []
  const isLeftToHost = template.some(part => typeof part !== 'string' && methods.names.parametersIn(part.name).includes('hostname'))
  const values = methods.valuesFor({ hostname: '', ...installation }, {})
  const text = template.map(part => typeof part === 'string' ? part : String(values.valueOf(part.name) ?? '')).join('')
  if (isLeftToHost || !URL.canParse(text) || new URL(text).host === '') throw new CommandError('The document does not say the CRM’s host. Name it with --host, such as --host crm.example.com.')
  return new URL(text).host
}
