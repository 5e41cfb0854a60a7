import { expect, it } from '@jest/globals'
import { ESLint } from 'eslint'

const eslint = new ESLint()

async function rulesBroken(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath })
  return result?.messages.map(({ ruleId }) => ruleId) ?? []
}

it.each([
  ['packages/server/src/x.ts', "export { acme } from '@linefinder/adapter-acme'"],
  ['packages/server/src/x.ts', "export { createClient } from '@linefinder/client'"],
  ['packages/server/src/x.ts', "export { createClient } from '../../client/src/index.js'"],
  ['packages/core/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['adapters/acme/src/x.ts', "export { memory } from '@linefinder/adapter-memory'"],
  ['adapters/acme/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['adapters/acme/src/x.ts', "export { startAcme } from '@linefinder/example-acme-crm'"],
  ['adapters/acme/src/testing/x.ts', "export { createServer } from '@linefinder/server'"],
  ['adapters/acme-legacy/src/x.ts', "export { acme } from '@linefinder/adapter-acme'"],
  ['adapters/acme-legacy/src/x.ts', "export { startAcmeLegacy } from '@linefinder/example-acme-legacy-crm'"],
  ['adapters/one-of-tomorrow/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['adapters/one-of-tomorrow/src/x.ts', "export { runConformance } from '@linefinder/conformance'"],
  ['adapters/acme/src/x.ts', "export { describeAdapter } from '@linefinder/conformance'"],
  ['adapters/acme/src/x.test.ts', "export { createServer } from '@linefinder/server'"],
  ['packages/conformance/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['packages/conformance/src/x.ts', "export { acme } from '@linefinder/adapter-acme'"],
  ['adapters/one-of-tomorrow/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['adapters/one-of-tomorrow/src/x.ts', "export { runConformance } from '@linefinder/conformance'"],
  ['examples/acme-crm/src/x.ts', "export { CrmError } from '@linefinder/core'"],
  ['examples/acme-legacy-crm/src/x.ts', "export { CrmError } from '@linefinder/core'"],
  ['bench/src/x.ts', "export { createServer } from '@linefinder/server'"],
  ['packages/client/src/x.ts', "export { parsePhone } from '@linefinder/core/phone'"],
])('%s may not hold: %s', async (path, code) => {
  expect(await rulesBroken(path, code)).toContain('no-restricted-imports')
})

it('lets the executable import everything, and everything import the contract', async () => {
  expect(await rulesBroken('packages/linefinder/src/x.ts', "export { acme } from '@linefinder/adapter-acme'")).toEqual([])
  expect(await rulesBroken('adapters/acme/src/x.ts', "export { CrmError } from '@linefinder/core'")).toEqual([])
  expect(await rulesBroken('adapters/acme/src/x.test.ts', "export { describeAdapter } from '@linefinder/conformance'")).toEqual([])
})

it('refuses `any`, long files, and the environment outside the executable', async () => {
  expect(await rulesBroken('packages/core/src/x.ts', 'export const x: any = 1')).toContain('@typescript-eslint/no-explicit-any')
  expect(await rulesBroken('packages/core/src/x.ts', Array.from({ length: 401 }, (_, n) => `export const x${String(n)} = 1`).join('\n'))).toContain('max-lines')
  expect(await rulesBroken('packages/server/src/x.ts', "export const x = process.env['HOME']")).toContain('no-restricted-properties')
})
