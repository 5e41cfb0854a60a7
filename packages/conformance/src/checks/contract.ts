import assert from 'node:assert/strict'
import { activityId, authFormOf, capabilityMembers, contactId, contractVersion, field, type InstallationFacts } from '@linefinder/core'
import { about } from '../check.js'

const required = ['getUserInfo', 'findContact', 'createContact', 'createCallLog', 'updateCallLog', 'logout'] as const

const together = [
  ['createMessageLog', 'updateMessageLog'], ['createTask', 'updateTask'], ['getMessageLog', 'createMessageLog'], ['findMessageLog', 'createMessageLog'],
  ['findTask', 'createTask'], ['setDisposition', 'listDispositions'],
] as const

export const contractChecks = about('contract', {
  async 'has an id of small letters and hyphens, a name, and the contract’s version'({ adapter }) {
    assert.match(adapter.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    assert.notEqual(adapter.name.trim(), '')
    assert.equal(adapter.contractVersion, contractVersion)
  },

  async 'has every required member, and each optional one as a function or not at all'({ adapter }) {
    for (const member of required) assert.equal(typeof adapter[member], 'function', member)
    for (const member of capabilityMembers) if (adapter[member] !== undefined) assert.equal(typeof adapter[member], 'function', member)
  },

  async 'has members that belong together together'({ adapter }) {
    for (const [one, other] of together) {
      if (adapter[one]) assert.ok(adapter[other], `${one} is of no use without ${other}`)
    }
    if (adapter.renewCredentials) assert.equal(adapter.needsCredentials, true, 'renewCredentials is of no use without needsCredentials')
  },

  async 'goes to its CRM by https'({ adapter, scheme }) {
    const addresses = [adapter.baseUrl ?? 'https://{hostname}', ...(scheme.type === 'oauth2' ? [scheme.authorizeUrl, scheme.tokenUrl, scheme.revokeUrl ?? 'https://x'] : [])]
    for (const address of addresses) assert.match(address, /^https:\/\//, address)
    if (adapter.defaultHostname !== undefined) assert.doesNotMatch(adapter.defaultHostname, /\/|:\/\//)
  },

  async 'declares lags as milliseconds'({ adapter: { commitLagMs = 0, contactLagMs = 0 } }) {
    for (const lag of [commitLagMs, contactLagMs]) assert.ok(Number.isInteger(lag) && lag >= 0 && lag <= 86_400_000, String(lag))
  },

  async 'has a form that clients can draw, its secrets marked as such'({ scheme }) {
    const form = authFormOf(scheme)
    if (form.type === 'oauth2') return
    for (const each of form.fields) field.parse(each)
    assert.equal(new Set(form.fields.map(({ name }) => name)).size, form.fields.length, 'two fields have one name')
    // Where the installation's own properties are the credential, nothing secret is asked of anyone.
    const isOfInstallation = scheme.type === 'apiKey' && scheme.placements.length > 0 && scheme.placements.every(placement => 'value' in placement)
    assert.ok(isOfInstallation || form.fields.some(({ secret }) => secret), 'no field is secret')
  },

  async 'names other hosts for its credentials whole, and the same each time'(bench) {
    bench.needs('credentialHosts')
    const hostsNow = () => bench.adapter.credentialHosts?.({ hostname: bench.hostname, settings: bench.settings }) ?? []
    for (const host of hostsNow()) assert.match(host, /^[a-z\d]([\w-]*[a-z\d])?(\.[a-z\d]([\w-]*[a-z\d])?)*(:\d{1,5})?$/i, 'no name of a host')
    assert.deepEqual(hostsNow(), hostsNow())
  },

  async 'leads to records by addresses of the installation’s host, whatever the id'(bench) {
    bench.needs('contactUrl')
    const { adapter } = bench
    const facts: InstallationFacts = { hostname: 'crm.example.test', settings: bench.settings }
    const pages = [
      (id: string) => adapter.contactUrl?.(facts, contactId.parse(id)),
      ...(adapter.activityUrl ? [(id: string) => adapter.activityUrl?.(facts, { id: activityId.parse(id) })] : []),
    ]
    for (const page of pages) {
      const url = new URL(page('42') ?? '')
      assert.match(url.protocol, /^[a-z]+:$/)
      if (adapter.defaultHostname === undefined) assert.equal(url.host, 'crm.example.test')
      assert.equal(page('42'), page('42'), 'the same id has two addresses')
      assert.notEqual(page('42'), page('43'))
      const strange = page('a/../b?c#d e') ?? ''
      assert.doesNotMatch(strange, /\/\.\.\/|[ ]|\?c#d/, 'an id can lead elsewhere')
    }
  },
})
