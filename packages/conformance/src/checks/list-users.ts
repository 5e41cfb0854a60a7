import assert from 'node:assert/strict'
import { about, Limited } from '../check.js'

/** Who has this many users under test has them on several pages, unless they all come at once. */
const enoughForPages = 100

export const listUsersChecks = about('listUsers', {
  async 'lists whoever is connected, under the id and name that getUserInfo gives'(bench) {
    bench.needs('listUsers')
    for (const user of bench.hasLimit('sharedByEveryone') || !bench.crm.secondUser ? ['first'] as const : ['first', 'second'] as const) {
      const { id, name } = await bench.as({ user }).getUserInfo()
      const listed = (await bench.as({ user }).listUsers()).find(each => each.id === id)
      assert.deepEqual([listed?.id, listed?.name], [id, name])
    }
  },

  async 'lists colleagues, not only whoever is connected'(bench) {
    bench.needs('listUsers')
    bench.unlessLimited('sharedByEveryone')
    const { id } = await bench.as({ user: 'second' }).getUserInfo()
    assert.ok((await bench.as({ user: 'first' }).listUsers()).some(user => user.id === id), 'the second user is missing')
  },

  async 'lists each user once, and the same ones each time'(bench) {
    bench.needs('listUsers')
    const ids = (await bench.as().listUsers()).map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, 'a user comes twice')
    assert.deepEqual((await bench.as().listUsers()).map(({ id }) => id).sort(), [...ids].sort())
  },

  async 'goes on to the last page'(bench) {
    bench.needs('listUsers')
    const all = (await bench.probe('listUsers')()).map(({ id }) => id)
    bench.proxy.clear()
    const listed = (await bench.as().listUsers()).map(({ id }) => id as string)
    assert.deepEqual(all.filter(id => !listed.includes(id)), [], 'users that are missing')
    const isWhole = bench.hasLimit('noRequests') || bench.proxy.requests.length > 1 || all.length >= enoughForPages
    if (!isWhole) throw new Limited('the CRM under test has less than two pages of users')
  },

  async 'names users as the CRM does'(bench) {
    bench.needs('listUsers')
    const seen = await bench.probe('listUsers')()
    const names = new Map(seen.map(({ id, name }) => [id, name]))
    // Who is missing is another check's news.
    const others = (await bench.as().listUsers()).filter(({ id, name }) => names.get(id) !== undefined && names.get(id) !== name)
    assert.deepEqual(others.map(({ id, name }) => `${id}: ${name}`), [], 'users of another name')
  },

  async 'gives their e-mail addresses, where the CRM has them'(bench) {
    bench.needs('listUsers')
    bench.unlessLimited('noUserEmails')
    const users = await bench.as().listUsers()
    assert.ok(users.some(({ email }) => email !== undefined), 'nobody has an address')
    const { id, email } = await bench.as().getUserInfo()
    if (email !== undefined) assert.equal(users.find(user => user.id === id)?.email, email)
    if (!bench.hasProbe('listUsers')) return
    const addresses = new Map((await bench.probe('listUsers')()).map(user => [user.id, user.email]))
    assert.deepEqual(users.filter(user => addresses.get(user.id) !== undefined && addresses.get(user.id) !== (user.email ?? null)).map(user => user.id), [], 'users with another address')
  },
})
