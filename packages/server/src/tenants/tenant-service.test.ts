import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { createServer, type LinefinderServer } from '../create-server.js'

const names = { tenant: 'Example Ltd', clientApp: 'First app', apiKey: 'First key', phoneSystem: 'pbx' }

let server: LinefinderServer
let url: string
let key: string | null
beforeAll(async () => {
  server = await createServer({ adapters: [] })
  url = await server.listen()
  key = await server.services.tenants.ensureDefaults(names)
})
afterAll(() => server.stop())

describe('the first start on an empty database', () => {
  it('makes a tenant, a client app and an admin key that works', async () => {
    const { body } = await request(url).get('/v1/admin/client-apps').auth(key!, { type: 'bearer' }).expect(200)
    expect(body.items).toEqual([{
      id: 'default', name: 'First app', phoneSystem: 'pbx', redirectUris: ['urn:ietf:wg:oauth:2.0:oob'], webOrigins: [], createdAt: expect.any(String),
    }])
    expect(await server.services.tenants.find('default')).toMatchObject({ id: 'default', name: 'Example Ltd' })
  })

  it('happens once', async () => {
    expect(await server.services.tenants.ensureDefaults(names)).toBeNull()
    expect(await server.services.models.apiKeys.count()).toBe(1)
  })
})

describe('making a tenant', () => {
  it('makes it, and knows whether it is there', async () => {
    const { tenants } = server.services
    expect(await tenants.exists('branch-2')).toBe(false)
    expect(await tenants.create('branch-2', 'Branch')).toMatchObject({ id: 'branch-2', name: 'Branch' })
    expect(await tenants.exists('branch-2')).toBe(true)
    await expect(tenants.create('branch-2', 'Again')).rejects.toMatchObject({ code: 'already_exists' })
  })

  it.each(['', 'Branch', 'a b', '-a', 'ä', 'a'.repeat(64)])('refuses the id "%s"', async id => {
    await expect(server.services.tenants.create(id, 'x')).rejects.toMatchObject({ code: 'invalid_fields' })
  })
})
