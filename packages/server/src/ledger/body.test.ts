import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { activityId, CrmError, type CrmAdapter, type LogField } from '@linefinder/core'
import { connectAgent } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeMessageMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const stage: LogField = { name: 'stage', label: 'Stage', type: 'select', options: [{ value: 's1', label: 'Lead' }] }
/** What `updateCallLog` was told. */
const updates: { readonly changed: readonly string[]; readonly body: string | undefined }[] = []
/** What both were given as `extra`. */
const extras: unknown[] = []

let crm: FakeCrm
let test: TestServer
let told: string | undefined
let [token, blind, html] = ['', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const usual = fakeAdapter('apiKey')
  const writing = (id: string, more: Partial<CrmAdapter>): CrmAdapter => fakeAdapter('apiKey', {
    id, bodyFormat: 'plain', bodyDetails: ['note', 'result', 'duration', 'fields', 'summary'],
    async createCallLog(ctx, log) {
      extras.push(log.extra)
      return usual.createCallLog(ctx, log)
    },
    async updateCallLog(ctx, ref, log, changed) {
      updates.push({ changed, body: log.body })
      extras.push(log.extra)
      await usual.updateCallLog(ctx, ref, log, changed)
    },
    ...more,
  })
  const reading: Partial<CrmAdapter> = {
    async getCallLog({ http }, ref) {
      try {
        const { data } = await http.get<{ id: string; body?: string }>(`/activities/${ref.id}`)
        return { ref: { id: activityId.parse(data.id) }, body: data.body }
      } catch (error) {
        if (error instanceof CrmError && error.code === 'not_found') return null
        throw error
      }
    },
    fields: async () => [stage],
  }
  test = await startTestServer({
    crm, adapters: [writing('fake-text', reading), writing('fake-blind-text', {}), writing('fake-messages', {
      ...fakeMessageMembers,
      createMessageLog(ctx, log) {
        told = log.body
        return fakeMessageMembers.createMessageLog(ctx, log)
      },
    }), writing('fake-html', { ...reading, bodyFormat: 'html', bodyDetails: ['note', 'started'] })],
  })
  const connect = async (adapter: string, settings = {}) => connectAgent(test, await test.install(adapter, { settings: { country: 'NL', ...settings } }))
  token = await connect('fake-text')
  blind = await connect('fake-blind-text')
  html = await connect('fake-html', { timeZone: 'Europe/Amsterdam', dateFormat: 'iso', logDetails: ['started', 'note'] })
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  crm.fault = 'none'
  crm.activities.length = 0
  updates.length = 0
  extras.length = 0
})

const call = { direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-01T10:00:00Z' }
const put = (callId: string, changes: object, as = token) =>
  request(test.url).put(`/v1/call-logs/${callId}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send({ ...call, ...changes })
const bodyNow = () => crm.activities.at(-1)?.body
const edit = (change: (body: string) => string) => { Object.assign(crm.activities.at(-1)!, { body: change(bodyNow() ?? '') }) }

describe('the text of an activity', () => {
  it('tells what the adapter wants told, in its order, with the CRM’s own words for fields', async () => {
    await put('t-1', { note: 'Calls back', result: 'answered', durationSeconds: 62, fields: { stage: 's1' } }).expect(201)
    expect(bodyNow()).toBe('Note: Calls back\nResult: Answered\nDuration: 1 min 02 s\nStage: Lead')
  })

  it('goes by the installation’s settings before the adapter’s', async () => {
    await put('t-2', { note: 'a < b' }, html).expect(201)
    expect(bodyNow()).toBe('<div><b>Started</b>: 2026-03-01 11:00 CET</div><div><b>Note</b>: a &lt; b</div>')
  })

  it('is the note itself when there is nothing else', async () => {
    await put('t-3', { note: 'First line\nSecond line' }).expect(201)
    expect(bodyNow()).toBe('First line\nSecond line')
    await put('t-3', { note: 'Another' }).expect(200)
    expect(bodyNow()).toBe('Another')
    edit(body => `${body}\nMine`)
    await put('t-3', { note: 'Yet another' }).expect(200)
    expect(bodyNow()).toBe('Yet another\nMine')
    await put('t-3', { note: 'Yet another', result: 'missed' }).expect(200)
    expect(bodyNow()).toBe('Note: Yet another\nResult: Missed\nMine')
  })

  it('is told whole where the adapter cannot say what stands there', async () => {
    await put('t-4', { note: 'First', result: 'missed' }).expect(201)
    Object.assign(crm.activities.at(-1)!, { body: undefined })
    await put('t-4', { note: 'Second', result: 'missed' }).expect(200)
    expect(bodyNow()).toBe('Note: Second\nResult: Missed')
  })
})

it('of a day of messages tells each message', async () => {
  const as = await connectAgent(test, await test.install('fake-messages', { settings: { dateFormat: 'iso' } }))
  const message = { id: 'm1', kind: 'sms', direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, sentAt: '2026-03-01T10:00:00Z', text: 'Come today?' }
  const { body } = await request(test.url).put('/v1/message-logs/conv-1/2026-03-01').auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send({ messages: [message] }).expect(201)
  expect(body.status).toBe('delivered')
  expect(told).toBe('2026-03-01 10:00 UTC +31413741741 → +31201234567: Come today?')
})

it('says nothing of what is extra, and a change of that alone reaches the adapter without a text', async () => {
  await put('x-1', { note: 'One', extra: { form: { kind: 'secret-kind' } } }).expect(201)
  expect(bodyNow()).toBe('One')
  expect(extras).toEqual([{ form: { kind: 'secret-kind' } }])
  await put('x-1', { note: 'One', extra: { form: { kind: 'secret-kind' } } }).expect(200)
  expect(updates).toEqual([])
  await put('x-1', { note: 'One', extra: { form: { kind: 'other' } } }).expect(200)
  expect(updates).toEqual([{ changed: ['extra'], body: undefined }])
  expect(extras).toEqual([{ form: { kind: 'secret-kind' } }, { form: { kind: 'other' } }])
})

describe('an update', () => {
  it('keeps what people wrote into the text, time after time', async () => {
    await put('u-1', { note: 'One', result: 'missed' }).expect(201)
    edit(body => `Urgent!\n${body}\nCall Piet first.`)
    await put('u-1', { note: 'Two', result: 'missed' }).expect(200)
    await put('u-1', { note: 'Two', result: 'answered', durationSeconds: 5 }).expect(200)
    await put('u-1', { note: 'Three', result: 'answered', durationSeconds: 5, summary: 'Short.' }).expect(200)
    expect(bodyNow()).toBe('Urgent!\nNote: Three\nResult: Answered\nDuration: 5 s\nSummary: Short.\nCall Piet first.')
  })

  it('of what the text does not tell leaves it alone', async () => {
    await put('u-2', { note: 'One', result: 'missed' }).expect(201)
    edit(() => 'All mine')
    await put('u-2', { note: 'One', result: 'missed', subject: 'Other' }).expect(200)
    expect(updates).toEqual([{ changed: ['subject'], body: undefined }])
    expect(bodyNow()).toBe('All mine')
  })

  it('writes the text only when it differs from what is there', async () => {
    await put('u-3', { note: 'One', result: 'missed' }).expect(201)
    edit(body => body.replace('Missed', 'Answered'))
    await put('u-3', { note: 'One', result: 'answered' }).expect(200)
    expect(updates).toEqual([{ changed: ['result'], body: undefined }])
  })

  it('composes anew where the CRM’s text cannot be read', async () => {
    await put('u-4', { note: 'One', result: 'missed' }, blind).expect(201)
    edit(body => `${body}\nLost`)
    await put('u-4', { note: 'Two', result: 'missed' }, blind).expect(200)
    expect(bodyNow()).toBe('Note: Two\nResult: Missed')
  })

  it('of an activity that was deleted in the CRM fails', async () => {
    await put('u-5', { note: 'One' }).expect(201)
    crm.activities.length = 0
    expect((await put('u-5', { note: 'Two' }).expect(202)).body).toMatchObject({ status: 'failed', lastError: { code: 'crm_not_found' } })
  })

  it('after a lost answer knows what the CRM may have', async () => {
    crm.fault = 'reset_after_commit'
    await put('u-6', { note: 'One', result: 'missed' }).expect(202)
    crm.fault = 'none'
    edit(body => `${body}\nMine`)
    await put('u-6', { note: 'Two', result: 'missed' }).expect(200)
    expect(crm.activities).toHaveLength(1)
    expect(bodyNow()).toBe('Note: Two\nResult: Missed\nMine')
  })
})
