import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { runCommand } from '../testing/processes.js'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'linefinder-keys-')) })
afterAll(() => rm(folder, { recursive: true }))

const run = (...args: string[]) => runCommand(args, { LINEFINDER_DATA_DIR: folder })

it('makes a tenant and its key, alone on standard output, and tells in words what is wrong', async () => {
  expect(await run('keys', 'create', '--tenant', 'acme-nl', '--scope', 'admin')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('linefinder tenants create acme-nl') })
  expect(await run('tenants', 'create', 'Acme NL')).toMatchObject({ code: 1, stderr: expect.stringMatching(/id must be lower case[^]*$/) })
  expect((await run('tenants', 'create', 'acme-nl')).code).toBe(0)
  expect((await run('tenants', 'create', 'acme-nl')).stderr).not.toContain('    at ')
  expect((await run('keys', 'create', '--tenant', 'acme-nl', '--scope', 'admin', 'lookup')).stdout).toMatch(/^lfk_[\w-]{43}\n$/)
}, 60_000)
