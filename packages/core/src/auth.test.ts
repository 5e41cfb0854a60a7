import { describe, expect, it } from '@jest/globals'
import { apiKey, authForm, authFormOf, basic, custom, oauth2 } from './auth.js'

const key = { name: 'key', label: 'API key', secret: true }

describe('auth schemes', () => {
  it('fill in what a field leaves open', () => {
    const { fields } = apiKey({ fields: [{ name: 'site', label: 'Site' }], placements: [{ in: 'query', field: 'site', name: 'site' }] })
    expect(fields).toEqual([{ name: 'site', label: 'Site', secret: false, required: true }])
  })

  it('refuse a placement of a field that the form does not have', () => {
    expect(() => apiKey({ fields: [key], placements: [{ in: 'header', field: 'token', name: 'X-Api-Key' }] })).toThrow('no field named "token"')
  })

  it('place what the installation gives without a field', () => {
    const { fields, placements } = apiKey({ fields: [], placements: [{ in: 'header', name: 'X-Api-Key', value: 'everybody’s' }] })
    expect([fields, placements]).toEqual([[], [{ in: 'header', name: 'X-Api-Key', value: 'everybody’s' }]])
  })

  it.each(['', '1key', 'api-key', 'api key', '__proto__'])('refuse the field name %j', name => {
    expect(() => custom({ fields: [{ name, label: 'Key' }], login: async () => ({ values: {} }), authorize: () => ({}) })).toThrow()
  })

  it('ask for user name and password, the password hidden', () => {
    expect(basic({ username: 'E-mail' }).fields).toMatchObject([
      { name: 'username', label: 'E-mail', secret: false }, { name: 'password', label: 'Password', secret: true },
    ])
  })
})

describe('authFormOf', () => {
  const scheme = custom({ fields: [key], login: async () => ({ values: {} }), authorize: () => ({}) })

  it('shows fields, and nothing of how they are used', () => {
    expect(authFormOf(scheme)).toEqual({ type: 'custom', fields: [{ ...key, required: true }] })
    expect(authFormOf(apiKey({ fields: [key], placements: [{ in: 'header', field: 'key', name: 'X' }] }))).toEqual({ type: 'apiKey', fields: [{ ...key, required: true }] })
  })

  it('shows nothing of an OAuth client', () => {
    expect(authFormOf(oauth2({ authorizeUrl: 'https://a', tokenUrl: 'https://t', scopes: [] }))).toEqual({ type: 'oauth2' })
  })

  it('is as declared to clients', () => {
    for (const each of [scheme, basic(), oauth2({ authorizeUrl: 'https://a', tokenUrl: 'https://t', scopes: [] })]) {
      expect(authForm.parse(authFormOf(each))).toEqual(authFormOf(each))
    }
  })
})
