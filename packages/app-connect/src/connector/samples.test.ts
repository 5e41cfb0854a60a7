import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { connectorFunctions, loadConnectors } from './index.js'

const folder = fileURLToPath(new URL('../../../../examples/app-connect-connectors', import.meta.url))
const run = promisify(execFile)

interface Report {
  /** The README says the same. */
  readonly isFresh: boolean | null
  readonly facts: { readonly auth: string; readonly needsCredentials?: boolean }
  readonly counts: { readonly passed: number; readonly failed: number }
  readonly limits: readonly { readonly name: string }[]
  readonly checks: readonly { readonly name: string; readonly topic: string; readonly status: string; readonly reason?: string }[]
}

/** In a process of its own, as Node resolves modules. */
async function prove(...args: string[]): Promise<Report> {
  const { stdout } = await run(process.execPath, [join(folder, 'prove.mjs'), ...args], { maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout) as Report
}

const failures = ({ checks }: Report) => checks.filter(({ status }) => status === 'failed')

describe('the sample connectors', () => {
  it.each([['acme', 'oauth2', ['needsContact']], ['acmeLegacy', 'apiKey', ['createOnlyActivities', 'needsContact', 'coarseTimes', 'repeatedHour', 'fewAtOnce', 'fullNumbersOnly']]])('pass as adapters: %s', async (platform, auth, limits) => {
    const report = await prove(platform)
    expect(failures(report)).toEqual([])
    expect(report.isFresh).toBe(true)
    expect(report.facts).toMatchObject({ auth, needsCredentials: true })
    expect(report.limits.map(({ name }) => name)).toEqual(limits)
    expect(report.counts.passed).toBeGreaterThan(80)
  }, 180_000)

  it('pass too where the server renews the tokens instead of the connector', async () => {
    const report = await prove('acme', '--without=checkAndRefreshAccessToken', 'auth', 'credentials', 'manners')
    expect(failures(report)).toEqual([])
    expect(report.checks.find(({ name }) => name.startsWith('has expired credentials renewed'))).toMatchObject({ status: 'passed' })
  }, 180_000)
})

describe('what the two use between them', () => {
  let source = ''
  beforeAll(async () => {
    const files = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.js'))
    source = (await Promise.all(files.map(name => readFile(join(folder, name), 'utf8')))).join('\n')
  })

  it('is every function of a connector', () => {
    const { registered } = loadConnectors({ path: folder })
    const used = new Set(registered.flatMap(({ module }) => connectorFunctions.filter(name => module[name] !== undefined)))
    expect(connectorFunctions.filter(name => !used.has(name))).toEqual([])
    expect(used.size).toBe(32)
    expect(registered.some(({ module }) => module.accountData !== undefined)).toBe(true)
  })

  it('is every module of the core that connectors are known to require', () => {
    const required = [...new Set([...source.matchAll(/require\('@app-connect\/core\/?([^']*)'\)/g)].map(([, name]) => name))].sort()
    expect(required).toEqual([
      '', 'handlers/admin', 'lib/accountData', 'lib/callLogComposer', 'lib/constants', 'lib/encode', 'lib/errorHandler', 'lib/jwt', 'lib/logger', 'lib/oauth', 'lib/util',
      'models/adminConfigModel', 'models/dynamo/lockSchema', 'models/sequelize', 'models/userModel',
    ])
    expect([...loadConnectors({ path: folder }).shim.modules.keys()]).toEqual(expect.arrayContaining(required))
  })

  it('is every method of the models', () => {
    const methods = ['UserModel.findByPk', 'UserModel.findAll', 'UserModel.create', 'AdminConfigModel.findByPk', 'Lock.create', 'Lock.get', 'lock?.delete', '.save()', 'user.update(', 'user.destroy()']
    expect(methods.filter(method => !source.includes(method))).toEqual([])
  })
})
