import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'
import type { SettingsStore } from './settings-store.js'

let crm: FakeCrm
let test: TestServer
let settings: SettingsStore
beforeAll(async () => {
  crm = await FakeCrm.start()
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey')] })
  await test.addTenant('t2')
  ;({ settings } = test.server.services)
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})

const key = (name: string, owner = 'ann') => ({ scope: 'wire', owner, name })

it('keeps a value until another is put in its place', async () => {
  await settings.put('t1', key('a'), { on: true })
  expect(await settings.get('t1', key('a'))).toMatchObject({ value: { on: true }, secret: null })
  await settings.put('t1', key('a'), [1])
  expect((await settings.get('t1', key('a')))?.value).toEqual([1])
  await settings.delete('t1', key('a'))
  expect(await settings.get('t1', key('a'))).toBeNull()
})

it('shows nothing across tenants, scopes and owners', async () => {
  await settings.put('t1', key('b'), 1)
  expect(await settings.get('t2', key('b'))).toBeNull()
  expect(await settings.get('t1', { ...key('b'), scope: 'other' })).toBeNull()
  expect(await settings.get('t1', key('b', 'ben'))).toBeNull()
  await settings.delete('t2', key('b'))
  expect(await settings.take('t2', key('b'))).toBeNull()
  await settings.forgetOlder('t2', 'wire', -3600)
  expect(await settings.list('t2', 'wire', 'ann')).toEqual([])
  expect((await settings.get('t1', key('b')))?.value).toBe(1)
})

it('seals a secret, which cannot be moved to another setting, and lists none', async () => {
  await settings.put('t1', key('c', 'cho'), {}, 'the secret')
  expect((await settings.get('t1', key('c', 'cho')))?.secret).toBe('the secret')
  expect(await settings.list('t1', 'wire', 'cho')).toEqual([{ name: 'c', value: {}, hasSecret: true, updatedAt: expect.any(Date) }])
  const { database } = test.server.services
  const [row] = await database.query<{ sealed: Buffer }>({ text: `UPDATE settings SET name = 'd' WHERE owner = 'cho' RETURNING sealed` }, [])
  expect(row!.sealed.toString()).not.toContain('secret')
  await expect(settings.get('t1', key('d', 'cho'))).rejects.toThrow()
})

it('gives what is taken to one of those who take it', async () => {
  await settings.put('t1', key('e'), 'once', 'verifier')
  const taken = await Promise.all([1, 2, 3].map(() => settings.take('t1', key('e'))))
  expect(taken.filter(each => each !== null)).toMatchObject([{ value: 'once', secret: 'verifier' }])
})

it('forgets what has not been written for long', async () => {
  await settings.put('t1', { scope: 'notes', owner: '', name: 'old' }, 1)
  await settings.put('t1', { scope: 'notes', owner: '', name: 'new' }, 1)
  await test.server.services.database.query({ text: `UPDATE settings SET updated_at = now() - interval '2 hours' WHERE name = 'old'` }, [])
  await settings.forgetOlder('t1', 'notes', 3600)
  expect((await settings.list('t1', 'notes', '')).map(({ name }) => name)).toEqual(['new'])
})

it('takes no more than 256 kB, and 16 kB of secret', async () => {
  await expect(settings.put('t1', key('f'), 'x'.repeat(256 * 1024))).rejects.toMatchObject({ code: 'body_too_large' })
  await expect(settings.put('t1', key('f'), '', 'x'.repeat(16 * 1024 + 1))).rejects.toMatchObject({ code: 'body_too_large' })
  expect(await settings.get('t1', key('f'))).toBeNull()
})
