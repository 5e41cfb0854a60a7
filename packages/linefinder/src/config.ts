import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readAppConnectOptions, type AppConnectOptions } from '@linefinder/app-connect'

/** `a, b` as `['a', 'b']`. */
const list = z.string().transform(text => text.split(',').map(part => part.trim()).filter(part => part !== ''))

const origin = z.string().refine(text => URL.canParse(text) && new URL(text).origin === text, 'must be an origin such as http://127.0.0.1:4100')

const publicUrl = z.url({ protocol: /^https?$/ }).refine(
  text => new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname),
  'must be https, except on this machine: browsers send session tokens there',
)

const trustProxy = z.string().transform(text => text === 'true' ? true : text === 'false' ? false : /^\d+$/.test(text) ? Number(text) : text)

const appConnectText = z.string().transform((text, context): AppConnectOptions => {
  try {
    return readAppConnectOptions(JSON.parse(text))
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : 'is wrong')
    return z.NEVER
  }
})

/** Every environment variable that Linefinder reads. Each may also be given as `NAME_FILE`, the path of a file with the value. */
export const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(4000).describe('port to listen on'),
  HOST: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 for every one'),
  PUBLIC_URL: publicUrl.optional().describe('where browsers and clients reach the server; default: the address it listens on'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://').optional()
    .describe('a PostgreSQL server, 14 or later; default: an embedded one in the data folder'),
  DATABASE_PASSWORD: z.string().optional().describe('the password, where DATABASE_URL names none'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(10).describe('connections to the database, per process and door'),
  LINEFINDER_DATA_DIR: z.string().default('.linefinder').describe('folder of the embedded database and the generated keys'),
  LINEFINDER_KEYS: z.string().optional()
    .describe('the keys that seal secrets, newest first: id:base64,id:base64 (make one with: linefinder keys new-secret); needed with DATABASE_URL'),
  LINEFINDER_ADAPTERS: list.default(['@linefinder/adapter-acme', '@linefinder/adapter-memory'])
    .describe('modules that export an adapter as default: package names or paths'),
  LINEFINDER_CONNECTORS: list.default([])
    .describe('connectors of RingCentral App Connect: paths of modules, or of folders of packages'),
  LINEFINDER_CONNECTOR_VARIABLES: list.default([])
    .describe('names of environment variables that these connectors may see, such as ACME_CLIENT_ID; no other is there for them'),
  LINEFINDER_DOCUMENTS: list.default([])
    .describe('documents that describe CRMs, for every tenant: a folder with *.json, or files'),
  LINEFINDER_PRIVATE_ORIGINS: list.pipe(z.array(origin)).default([])
    .describe('origins that may be private or plain http, such as http://crm.internal:8080'),
  TRUST_PROXY: trustProxy.default(false).describe('proxies in front: their number, their addresses, or true'),
  LINEFINDER_JOBS: z.enum(['on', 'off']).default('on').describe('off: only answer requests, and leave what is queued to other processes'),
  LINEFINDER_GIVE_UP_AFTER_HOURS: z.coerce.number().min(1).max(8760).default(72)
    .describe('how long a call log is tried to be delivered before it has failed'),
  LINEFINDER_CONTENT_DAYS: z.coerce.number().int().min(1).optional()
    .describe('after how many days the content of what the CRM has is deleted here; default: never'),
  LINEFINDER_METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional()
    .describe('port of its own for /metrics, to whoever reaches it; default: none'),
  LINEFINDER_METRICS_HOST: z.string().default('127.0.0.1').describe('address of that port'),
  LINEFINDER_METRICS_KEY: z.string().regex(/^[\w.~+/=-]{16,500}$/, 'must be 16 to 500 letters, digits or . ~ + / = - _').optional()
    .describe('without that port: serves /metrics beside the API to whoever sends this as bearer token'),
  LINEFINDER_DELIVERY_DEADLINE_SECONDS: z.coerce.number().min(1).max(120).default(10)
    .describe('how long one attempt to tell the CRM of a call may take'),
  LINEFINDER_FIRST_RETRY_SECONDS: z.coerce.number().min(0.1).max(3600).default(5)
    .describe('the pause after the first attempt that failed; it doubles with each further one, up to an hour'),
  LINEFINDER_APP_CONNECT: z.enum(['on', 'off']).default('off').describe('on: RingCentral’s App Connect client can work with this server, by its manifest'),
  LINEFINDER_APP_CONNECT_OPTIONS: appConnectText.default({})
    .describe('how, as JSON: path, clientApp, platforms, manifest, admin and more; see docs/app-connect.md'),
  LINEFINDER_APP_CONNECT_HASH_KEY: z.string().min(8).optional()
    .describe('with which account ids are hashed there; default: derived from the oldest of LINEFINDER_KEYS'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info').describe('least severe log line to write'),
})

export type Config = z.infer<typeof variables>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Throws `ConfigError` that names everything that is missing or wrong, and how to put it right. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const result = variables.safeParse(withFiles(environment))
  const wrong = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message} (${describe(String(path[0]))})`)
  if (result.success && result.data.DATABASE_URL !== undefined && result.data.LINEFINDER_KEYS === undefined) {
    wrong.push(`LINEFINDER_KEYS: missing (${describe('LINEFINDER_KEYS')})`)
  }
  if (result.success && wrong.length === 0) return withPassword(result.data)
  throw new ConfigError(`The configuration is not complete:\n${wrong.map(line => `  ${line}`).join('\n')}`)
}

function withPassword(config: Config): Config {
  if (config.DATABASE_URL === undefined || config.DATABASE_PASSWORD === undefined) return config
  const url = new URL(config.DATABASE_URL)
  url.password = config.DATABASE_PASSWORD
  return { ...config, DATABASE_URL: url.href }
}

/** Puts the content of each `NAME_FILE` in the place of `NAME`, as container secrets want it. Empty means not set. */
function withFiles(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of Object.keys(variables.shape)) {
    const direct = environment[name]
    const file = environment[`${name}_FILE`]
    if (direct) values[name] = direct
    else if (file) values[name] = readSecretFile(`${name}_FILE`, file)
  }
  return values
}

function readSecretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new ConfigError(`The configuration is not complete:\n  ${name}: cannot read ${path} (${error instanceof Error ? error.message : 'unknown'})`)
  }
}

const describe = (name: string): string => variables.shape[name as keyof typeof variables.shape]?.description ?? 'unknown variable'

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
