import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  activityId, callbackInput, CrmError, externalId, messageLogInput, type AdapterContext, type Callback, type CrmAdapter, type MessageLog,
} from '@linefinder/core'
import { memory } from './index.js'

/** The CRM in memory looks at nothing that the server gives. */
const ctx = {} as AdapterContext
const nowhere = { id: activityId.parse('gone') }

type Complete = Required<Pick<CrmAdapter, 'createMessageLog' | 'updateMessageLog' | 'getMessageLog' | 'findMessageLog' | 'createTask' | 'updateTask' | 'findTask'>> & CrmAdapter
let adapter: Complete
beforeEach(() => { adapter = memory() as Complete })

const message = { id: 'm1', kind: 'sms', direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, sentAt: '2026-03-02T09:15:00Z' }
const log: MessageLog = {
  ...messageLogInput.parse({ messages: [message], subject: 'Roof', note: 'Likes texting.', contactId: 'c1' }),
  externalId: externalId.parse('lf-1'), conversationId: 'conversation', day: '2026-03-02',
}

describe('message logs', () => {
  it('are created, read back, and found by our id', async () => {
    const ref = await adapter.createMessageLog(ctx, log)
    expect(await adapter.getMessageLog(ctx, ref)).toEqual({ ref, subject: 'Roof', note: 'Likes texting.', contactId: 'c1' })
    expect(await adapter.findMessageLog(ctx, log.externalId)).toEqual(ref)
    expect(await adapter.findMessageLog(ctx, externalId.parse('lf-2'))).toBeNull()
  })

  it('change in what has changed and in nothing else', async () => {
    const ref = await adapter.createMessageLog(ctx, log)
    await adapter.updateMessageLog(ctx, ref, { ...log, note: 'Called.', subject: 'Not to be written' }, ['note'])
    expect(await adapter.getMessageLog(ctx, ref)).toMatchObject({ note: 'Called.', subject: 'Roof' })
  })

  it('that are not there read as null and cannot be changed', async () => {
    expect(await adapter.getMessageLog(ctx, nowhere)).toBeNull()
    await expect(adapter.updateMessageLog(ctx, nowhere, log, ['note'])).rejects.toEqual(new CrmError('not_found'))
  })
})

describe('tasks', () => {
  const callback: Callback = { ...callbackInput.parse({ number: '+31413741741', dueAt: '2026-03-02T09:15:00Z' }), externalId: externalId.parse('lf-3') }

  it('are created, changed, and found by our id', async () => {
    const ref = await adapter.createTask(ctx, callback)
    await adapter.updateTask(ctx, ref, { ...callback, status: 'done' }, ['status'])
    expect(await adapter.findTask(ctx, callback.externalId)).toEqual(ref)
    expect(await adapter.findTask(ctx, externalId.parse('lf-4'))).toBeNull()
  })

  it('that are not there cannot be changed', async () => {
    await expect(adapter.updateTask(ctx, nowhere, callback, ['status'])).rejects.toEqual(new CrmError('not_found'))
  })
})
