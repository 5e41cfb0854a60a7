import assert from 'node:assert/strict'
import { about } from '../check.js'

export const getUserInfoChecks = about('getUserInfo', {
  async 'names the same user each time'(bench) {
    const crm = bench.as()
    assert.deepEqual(await crm.getUserInfo(), await crm.getUserInfo())
  },

  async 'tells two people of one customer apart, and knows that it is one customer'(bench) {
    bench.unlessLimited('sharedByEveryone')
    const first = await bench.as({ user: 'first' }).getUserInfo()
    const second = await bench.as({ user: 'second' }).getUserInfo()
    assert.notEqual(first.id, second.id)
    assert.deepEqual(first.account?.id, second.account?.id)
    assert.deepEqual((await bench.as({ user: 'first' }).getUserInfo()).id, first.id)
  },

  async 'makes up neither user nor account from the host'(bench) {
    bench.unlessLimited('noRequests', 'fixedHost')
    const connection = await bench.connection()
    const here = await bench.as({ connection }).getUserInfo()
    const there = await bench.as({ connection, hostname: new URL(bench.otherProxy.origin).host }).getUserInfo()
    assert.deepEqual([there.id, there.account?.id], [here.id, here.account?.id])
  },

  async 'gives a time zone that exists, or none'(bench) {
    const { timezone } = await bench.as().getUserInfo()
    if (timezone !== undefined) new Intl.DateTimeFormat('en', { timeZone: timezone })
  },

  async 'lists the users of the CRM, the connected one among them'(bench) {
    bench.needs('listUsers')
    const { id } = await bench.as().getUserInfo()
    const users = await bench.as().listUsers()
    assert.ok(users.some(user => user.id === id))
    assert.equal(new Set(users.map(user => user.id)).size, users.length, 'a user comes twice')
  },
})
