import { describe, expect, it } from '@jest/globals'
// As the command runs it: it starts programs of its own folder.
import { runChaos } from '../dist/chaos/run.js'

const hasPostgres = (process.env['LINEFINDER_TEST_POSTGRES'] ?? '') !== ''

;(hasPostgres ? describe : describe.skip)('servers that are killed, a PostgreSQL that restarts and a CRM that fails in every way', () => {
  it('lose no call, double none, and bring the last edit of each', async () => {
    process.env['TEST_DATABASE_URL'] = process.env['LINEFINDER_TEST_POSTGRES']
    const result = await runChaos({ name: 'small', calls: 150, kills: 3, restarts: 1, canFind: true, activityLagMs: 0, modeMs: 700, pauseMs: 150, seed: 1 })
    process.stdout.write(`${JSON.stringify(result)}\n`)
    expect(result).toMatchObject({ acknowledged: 150, activities: 150, withLastEdit: 150, lost: 0, doubled: 0, undelivered: 0, refused: [], kills: 3, restarts: 1 })
  }, 180_000)
})
