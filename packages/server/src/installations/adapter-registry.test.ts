import { describe, expect, it } from '@jest/globals'
import type { CrmAdapter } from '@linefinder/core'
import { fakeAdapter } from '../testing/fake-crm.js'
import { AdapterRegistry } from './adapter-registry.js'

describe('AdapterRegistry', () => {
  it('refuses an adapter that speaks a newer contract, and says what to do', () => {
    const newer = { ...fakeAdapter(), contractVersion: 2 } as unknown as CrmAdapter
    expect(() => new AdapterRegistry([newer])).toThrow('adapter "fake-oauth2" speaks contract 2; this server knows 1: update @linefinder/server')
  })

  it('refuses two adapters of one id, and an id that cannot stand in a URL', () => {
    expect(() => new AdapterRegistry([fakeAdapter(), fakeAdapter()])).toThrow('two adapters have one id')
    expect(() => new AdapterRegistry([{ ...fakeAdapter(), id: 'My CRM' }])).toThrow('adapter id "My CRM"')
  })

  it('does not know what it does not host', () => {
    expect(() => new AdapterRegistry([fakeAdapter()]).get('t1', 'salesforce')).toThrow(expect.objectContaining({ code: 'adapter_not_found' }))
  })
})
