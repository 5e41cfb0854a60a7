import { describe, expect, it } from '@jest/globals'
import { assertNever, capabilitiesOf, capabilityMembers, contractVersion, defineAdapter, type CrmAdapter } from './adapter.js'
import { basic } from './auth.js'
import { CrmError } from './errors/crm-error.js'

const unsupported = async (): Promise<never> => { throw new CrmError('unsupported') }
const smallest: CrmAdapter = {
  id: 'smallest', name: 'Smallest', contractVersion: 1, auth: basic(),
  getUserInfo: unsupported, findContact: unsupported, createContact: unsupported, createCallLog: unsupported, updateCallLog: unsupported,
  logout: unsupported,
}

describe('capabilitiesOf', () => {
  it('is empty for an adapter with the required members only', () => {
    expect(capabilitiesOf(smallest)).toEqual([])
  })

  it('names each optional member that is present', () => {
    expect(capabilitiesOf({ ...smallest, contactUrl: () => '', searchContacts: async () => [] })).toEqual(['searchContacts', 'contactUrl'])
    expect(capabilitiesOf({
      ...smallest, searchContacts: unsupported, listContacts: unsupported, addContactNumber: unsupported, getCallLog: unsupported,
      findCallLog: unsupported, uploadRecording: unsupported, setDisposition: unsupported, listDispositions: unsupported, fields: unsupported,
      createMessageLog: unsupported, updateMessageLog: unsupported, getMessageLog: unsupported, findMessageLog: unsupported,
      createTask: unsupported, updateTask: unsupported, findTask: unsupported, listUsers: unsupported, contactUrl: () => '', activityUrl: () => '',
    })).toEqual([...capabilityMembers])
  })

  it('sees members of a class', () => {
    class Adapter {
      searchContacts = undefined
      findCallLog() { return null }
    }
    // Only the optional members matter here.
    expect(capabilitiesOf(new Adapter() as unknown as CrmAdapter)).toEqual(['findCallLog'])
  })

  it('does not count facts', () => {
    expect(capabilitiesOf({ ...smallest, baseUrl: 'https://{hostname}', phoneSearch: 'digits', commitLagMs: 1, contactLagMs: 1 })).toEqual([])
  })
})

describe('defineAdapter', () => {
  it('is the function it was given', () => {
    const make = defineAdapter(({ name }: { name: string }) => ({ ...smallest, name }))
    expect(make({ name: 'Mine' })).toMatchObject({ name: 'Mine', contractVersion })
  })
})

describe('assertNever', () => {
  it('throws for a value that the types did not foresee', () => {
    expect(() => assertNever('new' as never)).toThrow('unexpected "new"')
  })
})
