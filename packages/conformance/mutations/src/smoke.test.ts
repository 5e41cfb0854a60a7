import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { runConformance, type CrmUnderTest, type Topic } from '@linefinder/conformance'
import { loadMutant, startAcmeUnderTest } from './copy-adapter.js'
import { mutations } from './mutations.js'

let acme: CrmUnderTest
beforeAll(async () => { acme = await startAcmeUnderTest() }, 120_000)
afterAll(() => acme.stop?.())

it.each<[string, Topic]>([
  ['one-spelling', 'findContact'],
  ['zone-dropped', 'call logs'],
  ['logs-the-token', 'manners'],
])('notices %s in %s', async (name, topic) => {
  const mutation = mutations.find(each => each.name === name)!
  const { stop: _later, ...crm } = acme
  const { counts } = await runConformance({ adapter: await loadMutant(mutation), crm, topics: [topic] })
  expect(counts.failed).toBeGreaterThan(0)
}, 120_000)
