import { expect, it } from '@jest/globals'
import { countOutcome } from './count.js'
import { subjectOf } from './writers.js'

const stored = (n: number) => [n, { id: `id-${String(n)}`, key: `chaos-${String(n)}`, status: 'delivered' }] as const
const activity = (n: number, edit: number, id = `a${String(n)}`) => ({ id, external_id: `lf-id-${String(n)}`, subject: subjectOf(n, edit) })

it('tells calls that are there once, as they were last, from lost, doubled and outdated ones', () => {
  const counts = countOutcome(5, new Map([0, 1, 2, 3].map(stored)), [
    activity(0, 3), activity(1, 3), activity(1, 0, 'again'), activity(1, 1, 'once more'), activity(2, 2), { id: 'x', external_id: 'lf-other', subject: 'Other' },
  ])
  expect(counts).toEqual({ acknowledged: 5, activities: 5, withLastEdit: 2, lost: 2, doubled: 1, tooMany: 2, outdated: 1 })
})
