import { describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { api } from '@linefinder/core/api'
import { authorizeUrl, createVerifier } from './connecting.js'

describe('createVerifier', () => {
  it('makes a verifier and its S256 challenge (RFC 7636)', async () => {
    const { codeVerifier, codeChallenge } = await createVerifier()
    expect(codeVerifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(codeChallenge).toBe(createHash('sha256').update(codeVerifier).digest('base64url'))
  })

  it('makes another one each time', async () => {
    expect((await createVerifier()).codeVerifier).not.toBe((await createVerifier()).codeVerifier)
  })
})

describe('authorizeUrl', () => {
  it('builds an address that the server accepts', async () => {
    const { codeChallenge } = await createVerifier()
    const query = {
      client_id: 'default', installation: '3f2b8a52-8a8f-4b3e-9d0a-1d7b0f6f0c11', redirect_uri: 'https://app.example.test/connected?x=1&y=a+b',
      code_challenge: codeChallenge, state: 'a b+c',
    }
    const url = new URL(authorizeUrl('https://linefinder.example.test/', query))
    expect(url.origin + url.pathname).toBe('https://linefinder.example.test/v1/authorize')
    expect(api.connecting.authorize.query.parse(Object.fromEntries(url.searchParams))).toEqual({ ...query, code_challenge_method: 'S256' })
  })
})
