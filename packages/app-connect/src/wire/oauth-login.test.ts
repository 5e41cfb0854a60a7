import { expect, it } from '@jest/globals'
import { connectingOf, rcRedirectPage, readCallback } from './oauth-login.js'

it('reads the address that the client does not encode, whose parameters become those of the request', () => {
  expect(readCallback(`callbackUri=${rcRedirectPage}?code=X&state=platform=acme&hostname=crm.example&rcAccountId=1`))
    .toEqual({ code: 'X', error: null, state: 'platform=acme', redirectUri: rcRedirectPage, hostname: 'crm.example', more: { rcAccountId: '1' } })
})

it.each([
  ['a%2Bb%2F%3D', 'a+b/='], ['a+b', 'a+b'], ['a%2520b', 'a%20b'], ['100%', '100%'],
])('decodes the code %s once', (sent, code) => {
  expect(readCallback(`callbackUri=${rcRedirectPage}?code=${sent}&state=s`).code).toBe(code)
  expect(readCallback(`callbackUri=${rcRedirectPage}&state=s&code=${sent}`).code).toBe(code)
})

it('reads one that is encoded, and what stands beside it', () => {
  const inner = encodeURIComponent(`${rcRedirectPage}?code=a%2Bb&state=platform%3Dacme`)
  expect(readCallback(`callbackUri=${inner}&hostname=h`)).toMatchObject({ code: 'a+b', state: 'platform=acme', redirectUri: rcRedirectPage, hostname: 'h' })
  expect(readCallback(`callbackUri=${encodeURIComponent(rcRedirectPage)}&code=c&state=s`)).toMatchObject({ code: 'c', state: 's' })
})

it('reads an error, and nothing', () => {
  expect(readCallback(`callbackUri=${rcRedirectPage}?error=access_denied&state=s#top`)).toMatchObject({ error: 'access_denied', code: null })
  expect(readCallback('')).toEqual({ code: null, error: null, state: null, redirectUri: rcRedirectPage, hostname: undefined, more: {} })
})

it('tells a connector what came along, and addresses of allowed hosts only', () => {
  const told = (query: string) => connectingOf(readCallback(`callbackUri=${rcRedirectPage}?code=SECRET&state=s&${query}`), ['rest.crm.example'])
  expect(told('rcAccountId=1&username=ann%40x.test&hostname=h&jwtToken=J&rcAccessToken=R')).toEqual({ callbackUri: rcRedirectPage, rcAccountId: '1', username: 'ann@x.test' })
  expect(told('apiUrl=https://rest.crm.example/v2&location=eu')).toEqual({ callbackUri: rcRedirectPage, apiUrl: 'https://rest.crm.example/v2', location: 'eu' })
  for (const address of ['https://evil.example/', 'http://rest.crm.example/', 'https://rest.crm.example@evil.example/', 'rest.crm.example', '//evil.example']) {
    expect(told(`tokenUrl=${encodeURIComponent(address)}&accounts-server=${encodeURIComponent(`https://evil.example/${address}`)}`)).toEqual({ callbackUri: rcRedirectPage })
  }
  expect(told(`long=${'x'.repeat(2001)}`)).toEqual({ callbackUri: rcRedirectPage })
  expect(Object.keys(told(Array.from({ length: 100 }, (_, at) => `p${String(at)}=1`).join('&')))).toHaveLength(31)
})
