import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, externalId, type AdapterContext, type CallLog } from '@linefinder/core'
import acmeLegacy from './index.js'
import { connectToNewCrm, type Connected, type Written } from './testing/connected.js'

let at: Connected
let ctx: AdapterContext
beforeAll(async () => {
  at = await connectToNewCrm()
  ctx = at.context({ user: await acmeLegacy.getUserInfo(at.context()) })
})
afterAll(() => at.stop())
afterEach(() => at.control.put('/switches', {}))

let [log, calls]: [CallLog, number] = [{} as CallLog, 0]
beforeEach(() => {
  calls += 1
  log = {
    ...callLogInput.parse({
      direction: 'inbound', from: { number: '+31413741741', name: 'Jan' }, to: { number: '+31201234567' }, startedAt: '2026-07-01T14:04:30Z', contactId: '1', note: 'Wants a quote.',
    }),
    externalId: externalId.parse(`lf-${String(calls)}`),
  }
})

const entries = async (): Promise<Pick<Written, 'no' | 'customerId' | 'kind' | 'date' | 'text'>[]> =>
  (await at.written()).filter(({ text }) => text.includes(`[${log.externalId}]`)).map(({ no, customerId, kind, date, text }) => ({ no, customerId, kind, date, text }))
const texts = async () => (await entries()).map(({ text }) => text)
const mark = () => `[${log.externalId}]`

describe('a call', () => {
  it('is one text, at the time of the CRM’s clock', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, {
      ...log, subject: 'Roof', result: 'no_answer', durationSeconds: 0, answeredAt: '2026-07-01T14:05:00Z', endedAt: '2026-07-01T14:06:00Z',
      agent: { name: 'Ann', extension: '201' }, queue: { name: 'Sales' }, disposition: 'Lead', fields: { stage: 'new', urgent: true }, note: 'Line one\nLine two: € 5 < 🙂',
      summary: 'A roof.', recordingUrl: 'https://pbx.example.test/r/1', transcript: 'Hello.',
    })
    expect(await entries()).toEqual([{
      no: Number(ref.id), customerId: 1, kind: 'CALL', date: '01.07.2026 16:04',
      text: [
        'Subject: Roof', 'Direction: inbound', 'From: Jan (+31413741741)', 'To: +31201234567', 'Started: 01.07.2026 16:04', 'Answered: 01.07.2026 16:05', 'Ended: 01.07.2026 16:06',
        'Duration: 0 s', 'Result: no answer', 'Agent: Ann, 201', 'Queue: Sales', 'Disposition: Lead', 'Fields: stage = new; urgent = true', 'Note: Line one\nLine two: € 5 < 🙂',
        'Summary: A roof.', 'Recording: https://pbx.example.test/r/1', 'Transcript: Hello.', mark(),
      ].join('\n'),
    }])
  })

  it('takes the text that the server composed', async () => {
    await acmeLegacy.createCallLog(ctx, { ...log, body: 'Note: composed' })
    expect(await texts()).toEqual([`Note: composed\n${mark()}`])
  })

  it('in winter is an hour less ahead', async () => {
    await acmeLegacy.createCallLog(ctx, { ...log, startedAt: '2026-11-24T14:04:00Z' })
    expect(await entries()).toMatchObject([{ date: '24.11.2026 15:04' }])
  })

  it('needs a customer', async () => {
    const { contactId: _, ...nobodys } = log
    await expect(acmeLegacy.createCallLog(ctx, nobodys)).rejects.toMatchObject({ code: 'rejected', detail: 'Acme Legacy keeps calls on a customer only.' })
    await expect(acmeLegacy.createCallLog(ctx, { ...log, contactId: contactId.parse('9999') })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is found again by our id, and no other is', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    expect(await acmeLegacy.findCallLog!(ctx, log.externalId)).toEqual(ref)
    expect(await acmeLegacy.findCallLog!(ctx, externalId.parse('lf-'))).toBeNull()
  })

  it('is found again when its answer was lost', async () => {
    await at.control.put('/switches', { mode: 'reset_after_commit', times: 1 })
    await expect(acmeLegacy.createCallLog(ctx, log)).rejects.toThrow()
    const [written] = await entries()
    expect(await acmeLegacy.findCallLog!(ctx, log.externalId)).toEqual({ id: String(written!.no) })
  })

  it('that comes with others at once is its own, as far as the CRM takes five', async () => {
    const logs = Array.from({ length: 5 }, (_, index) => ({ ...log, externalId: externalId.parse(`${log.externalId}-${String(index)}`) }))
    const refs = await Promise.all(logs.map(each => acmeLegacy.createCallLog(ctx, each)))
    expect(new Set(refs.map(({ id }) => id)).size).toBe(5)
  })
})

describe('a change', () => {
  it('is a further entry that tells what has changed and to which call it belongs', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    await acmeLegacy.updateCallLog(ctx, ref, { ...log, note: 'By Friday.', disposition: 'Lead', result: 'answered' }, ['note', 'disposition'])
    const [, added] = await entries()
    expect(added).toEqual({
      no: Number(ref.id) + 1, customerId: 1, kind: 'NOTE', date: '01.07.2026 16:04',
      text: `Addition to the call of 01.07.2026 16:04 (no. ${ref.id})\nDisposition: Lead\nNote: By Friday.\n${mark()}`,
    })
  })

  it('that was taken away is told too', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    const { note: _, ...withoutNote } = log
    await acmeLegacy.updateCallLog(ctx, ref, withoutNote, ['note'])
    expect((await texts())[1]).toContain('\nNote: (none)\n')
  })

  it('that nobody reads is no entry', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    await acmeLegacy.updateCallLog(ctx, ref, { ...log, endedAt: '2026-07-01T14:09:00Z' }, ['endedAt', 'answeredAt', 'agent', 'legs', 'to', 'body'])
    expect(await texts()).toHaveLength(1)
  })

  it('is told once, also when the answer was lost, and again when it comes back after another', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    const change = (note: string) => acmeLegacy.updateCallLog(ctx, ref, { ...log, note }, ['note'])
    await at.control.put('/switches', { mode: 'reset_after_commit', only: ['/api/activities'], times: 1 })
    await expect(change('A')).rejects.toThrow()
    await at.control.put('/switches', {})
    await change('A')
    await change('A\u0001')
    await change('B')
    await change('A')
    await change('A')
    expect((await texts()).slice(1).map(text => /Note: (.*)/.exec(text)?.[1])).toEqual(['A', 'B', 'A'])
  })

  it('of a call with many entries is compared with the last of them', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    for (let index = 0; index < 30; index += 1) await acmeLegacy.updateCallLog(ctx, ref, { ...log, note: `Note ${String(index)}` }, ['note'])
    await acmeLegacy.updateCallLog(ctx, ref, { ...log, note: 'Note 29' }, ['note'])
    expect(await texts()).toHaveLength(31)
  })

  it('of a call that is not there cannot be told', async () => {
    await expect(acmeLegacy.updateCallLog(ctx, { id: activityId.parse('1') }, log, ['note'])).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('another customer', () => {
  const told = async () => (await entries()).map(({ customerId, kind, text }) => [customerId, kind, text.split('\n')[0]])

  it('gets the whole call, the first one a word of it, and both once', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    const moved = { ...log, contactId: contactId.parse('2'), note: 'By Friday.' }
    await acmeLegacy.updateCallLog(ctx, ref, moved, ['contactId', 'note'])
    await acmeLegacy.updateCallLog(ctx, ref, moved, ['contactId'])
    const word = `The call of 01.07.2026 16:04 (no. ${ref.id}) belongs to customer 2.`
    expect(await told()).toEqual([[1, 'CALL', 'Direction: inbound'], [1, 'NOTE', word], [2, 'CALL', 'Direction: inbound']])
    expect((await texts())[2]).toContain('Note: By Friday.')
  })

  it('gets what changes from then on', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    const moved = { ...log, contactId: contactId.parse('2') }
    await acmeLegacy.updateCallLog(ctx, ref, moved, ['contactId'])
    await acmeLegacy.updateCallLog(ctx, ref, { ...moved, note: 'Later' }, ['note'])
    expect((await told()).at(-1)).toEqual([2, 'NOTE', `Addition to the call of 01.07.2026 16:04 (no. ${ref.id})`])
  })

  it('that turns out to be the first one after all is told on both', async () => {
    const ref = await acmeLegacy.createCallLog(ctx, log)
    await acmeLegacy.updateCallLog(ctx, ref, { ...log, contactId: contactId.parse('2') }, ['contactId'])
    await acmeLegacy.updateCallLog(ctx, ref, log, ['contactId'])
    const word = `The call of 01.07.2026 16:04 (no. ${ref.id}) belongs to customer 1.`
    expect((await told()).slice(3)).toEqual([[2, 'NOTE', word], [1, 'NOTE', word]])
  })
})

it('tells the time of a CRM elsewhere, also before its user is known', async () => {
  const seoul = await connectToNewCrm({ timeZone: 'Asia/Seoul' })
  try {
    await acmeLegacy.createCallLog(seoul.context(), log)
    expect(await seoul.written()).toMatchObject([{ date: '01.07.2026 23:04' }])
  } finally {
    await seoul.stop()
  }
})
