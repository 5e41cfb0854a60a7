import { describe, expect, it } from '@jest/globals'
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios'
import { apiKey } from '../auth.js'
import { applyCredentials } from './credentials.js'

describe('the placements of a key', () => {
  const applied = (placements: Parameters<typeof apiKey>[0]['placements']) => {
    const config: InternalAxiosRequestConfig = { headers: new AxiosHeaders(), params: { page: 1 } }
    applyCredentials(apiKey({ fields: [{ name: 'key', label: 'Key', secret: true }], placements }), { type: 'fields', fields: { key: 'mine' } }, config)
    return { headers: config.headers.toJSON(), params: config.params as unknown }
  }

  it('carry what the agent filled in, and what the installation gives', () => {
    expect(applied([{ in: 'header', name: 'X-Key', field: 'key', prefix: 'Key ' }, { in: 'header', name: 'X-Site', value: 'of all' }, { in: 'query', name: 'site', value: 'a&b' }])).toEqual({
      headers: { 'X-Key': 'Key mine', 'X-Site': 'of all' }, params: { page: 1, site: 'a&b' },
    })
  })
})
