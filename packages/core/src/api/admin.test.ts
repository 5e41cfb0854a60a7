import { describe, expect, it } from '@jest/globals'
import { api, endpoints } from './index.js'

const { installations, clientApps } = api.admin

describe('PATCH bodies', () => {
  const patches = endpoints.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/v1/admin/'))

  it.each(patches.map(each => [each.path, each] as const))('of %s bring in no defaults', (_, { body }) => {
    expect(body!.parse({})).toEqual({})
    // Each has one of the two.
    expect(Object.values(body!.parse({ name: 'New words', description: 'New words' }) as object)).toEqual(['New words'])
  })

  it('check what is given as a new one would', () => {
    expect(installations.update.body.safeParse({ host: 'HTTPS://crm' }).success).toBe(false)
    expect(installations.update.body.parse({ host: null, oauthClientSecret: null })).toEqual({ host: null, oauthClientSecret: null })
    expect(clientApps.update.body.safeParse({ redirectUris: ['/relative'] }).success).toBe(false)
    expect(clientApps.update.body.safeParse({ name: null }).success).toBe(false)
  })
})

describe('a new installation', () => {
  const make = (fields: object) => installations.create.body.safeParse({ adapter: 'acme', name: 'Acme', ...fields })

  it('is enabled, without host and settings, unless said otherwise', () => {
    expect(make({}).data).toEqual({
      adapter: 'acme', name: 'Acme', host: null, allowedHosts: [], settings: {}, oauthClientId: null, oauthClientSecret: null, enabled: true,
    })
  })

  it.each(['crm.example.com', '127.0.0.1:4100', 'a', 'crm.example.com:8443', '[::1]:4100'])('may have the host %s', host => {
    expect(make({ host }).success).toBe(true)
  })

  it.each(['https://crm.example.com', 'crm.example.com/path', 'CRM.example.com', 'user@crm.example.com', 'crm.example.com:', '-crm', 'crm ', '', 'a?b', 'a#b'])('may not have the host %j', host => {
    expect(make({ host }).success).toBe(false)
  })

  it('takes settings of plain values, and a country in capitals', () => {
    expect(make({ settings: { country: 'NL', office: 3, beta: true } }).success).toBe(true)
    expect(make({ settings: { country: 'nl' } }).success).toBe(false)
    expect(make({ settings: { office: { id: 3 } } }).success).toBe(false)
  })

  it('never shows its client secret again', () => {
    expect(Object.keys(installations.get.output.shape)).toContain('hasOauthClientSecret')
    expect(Object.keys(installations.get.output.shape)).not.toContain('oauthClientSecret')
  })
})

describe('a new client app', () => {
  const make = (fields: object) => clientApps.create.body.safeParse({ name: 'Softphone', phoneSystem: 'pbx', ...fields }).success

  it.each(['https://app.example.test/connected?x=1', 'http://127.0.0.1/cb', 'com.example.phone:/cb', 'urn:ietf:wg:oauth:2.0:oob'])('may redirect to %s', uri => {
    expect(make({ redirectUris: [uri] })).toBe(true)
  })

  it.each(['javascript:alert(1)', 'JavaScript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'blob:https://a/b', 'about:blank', '/relative', 'https://a.test/#x', ''])('may not redirect to %j', uri => {
    expect(make({ redirectUris: [uri] })).toBe(false)
  })

  it.each(['https://phone.example.com', 'http://localhost:3000', 'chrome-extension://abcdefghijklmnop'])('may be used from %s', origin => {
    expect(make({ webOrigins: [origin] })).toBe(true)
  })

  it.each(['https://phone.example.com/', 'https://phone.example.com/app', '*', 'null', 'phone.example.com', 'https://a.test?x', 'ftp://a.test', 'https://A.test', 'https://a.test:443', 'https://user@a.test'])('may not be used from %j', origin => {
    expect(make({ webOrigins: [origin] })).toBe(false)
  })
})
