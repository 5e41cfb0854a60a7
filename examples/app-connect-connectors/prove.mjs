import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appConnectConnector, loadConnectors } from '@linefinder/app-connect/connector'
import { isMatrixFresh, runConformance, writeMatrix } from '@linefinder/conformance'
import { acmeUnderTest, legacyUnderTest } from './under-test.mjs'

/** What is proved of which connector, and what its CRM or App Connect's own interface cannot do. */
export const proofs = {
  acme: {
    crm: acmeUnderTest, readme: 'acme/README.md', limits: ['needsContact'],
    options: { accountKey: 'accountId', phoneSearch: 'digits', sendsIdempotencyKey: true, keepsUntold: true },
  },
  acmeLegacy: {
    crm: legacyUnderTest, readme: 'acme-legacy/README.md', limits: ['createOnlyActivities', 'needsContact', 'coarseTimes', 'repeatedHour', 'fewAtOnce', 'fullNumbersOnly'],
    options: { accountKey: 'mandant', sendsIdempotencyKey: true, environment: { APP_SERVER_SECRET_KEY: 'only-for-this-proof' } },
  },
}

export const folder = dirname(fileURLToPath(import.meta.url))

/** Without a function that the connector has, to see what the server does in its place. */
export function adapterFor(platform, without = '') {
  const { options } = proofs[platform]
  const loaded = loadConnectors({ path: folder, environment: options.environment })
  const registered = loaded.registered.map(each => ({ ...each, module: Object.fromEntries(Object.entries(each.module).filter(([name]) => name !== without)) }))
  return appConnectConnector({ ...loaded, registered }, { ...options, platform })
}

/** `node prove.mjs acme [--without=function] [topic …]` prints the report as JSON, and whether the README says the same. UPDATE_MATRIX=1 writes it. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [platform, ...rest] = process.argv.slice(2)
  const without = rest.find(each => each.startsWith('--without='))?.slice('--without='.length)
  const topics = rest.filter(each => !each.startsWith('--'))
  const { crm, limits, readme } = proofs[platform]
  const report = await runConformance({ adapter: adapterFor(platform, without), crm, limits, ...(topics.length > 0 && { topics }) })
  const isWhole = rest.length === 0
  if (isWhole && process.env.UPDATE_MATRIX) await writeMatrix(report, join(folder, readme))
  process.stdout.write(JSON.stringify({ ...report, isFresh: isWhole ? await isMatrixFresh(report, join(folder, readme)) : null }))
}
