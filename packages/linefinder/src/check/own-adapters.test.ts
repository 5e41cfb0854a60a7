import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { runCommand } from '../testing/processes.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** As it is typed in a checkout that is built. */
const check = (...args: string[]) => runCommand(['check', ...args], {}, { folder: root })

it('proves the adapter that is made to be copied, by its name alone', async () => {
  const { code, stdout, stderr } = await check('adapters/memory')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^CRM in memory: \d+ passed, 0 failed, \d+ limited, \d+ about what it does not offer\. It is right\.$/m)
}, 60_000)

it.each(['acme', 'acme-legacy'])('starts the CRM that %s is tried against', async name => {
  const { code, stdout, stderr } = await check(`adapters/${name}`, '--topics', 'auth,getUserInfo')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/0 failed, .* It is right\.$/m)
}, 120_000)
