import { beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, externalId, type CallLog } from '@linefinder/core'
import { connectionOf, type Connected } from '../testing/context.js'
import { appConnectConnector, type ConnectorFunction, type ConnectorModule } from './index.js'

const given: (readonly [ConnectorFunction, Record<string, unknown>])[] = []
const hear = <Answer>(name: ConnectorFunction, answer: Answer) => async (argument: Record<string, unknown>): Promise<Answer> => {
  given.push([name, argument])
  return answer
}
const dispositionAnswers: unknown[] = []

const module = {
  getAuthType: () => 'apiKey', getBasicAuth: () => 'a2V5', getLogFormatType: () => 'text/html',
  createCallLog: hear('createCallLog', { logId: 99 }), updateCallLog: hear('updateCallLog', {}),
  upsertCallDisposition: async (argument: Record<string, unknown>) => hear('upsertCallDisposition', dispositionAnswers.shift() ?? { logId: 99 })(argument),
} as unknown as ConnectorModule

const adapter = appConnectConnector(module, { manifest: { platforms: { other: { page: { callLog: { additionalFields: [{ const: 'deals', type: 'selection', contactDependent: true }] } } } } } })
let connected: Connected
beforeEach(() => {
  given.length = 0
  connected = connectionOf(adapter, { type: 'fields', fields: { apiKey: 'secret' }, state: { userId: '7-other' } })
})

const party = { number: '+31413741741', name: 'Jan' }
const own = { number: '+31201234567' }
const log: CallLog = {
  ...callLogInput.parse({ direction: 'inbound', from: party, to: own, startedAt: '2026-03-01T10:00:00Z', contactId: '12' }), externalId: externalId.parse('lf-1'), body: '<div>A note</div>',
}
const ref = { id: activityId.parse('99') }
const wire = (values: object) => ({ extra: { appConnect: { contactType: 'contact', contactName: 'Jan de Vries', ...values } } as never })

describe('a call', () => {
  it('has the choices of its form as the client made them, numbers as numbers', async () => {
    await adapter.createCallLog(connected.ctx, { ...log, fields: { deals: '101' }, ...wire({ additionalSubmission: { deals: 101 } }) })
    await adapter.createCallLog(connected.ctx, { ...log, fields: { deals: '102' }, ...wire({ additionalSubmission: { deals: 101 } }) })
    expect(given.map(([, { additionalSubmission }]) => additionalSubmission)).toEqual([{ deals: 101 }, { deals: '102' }])
  })

  it('is not changed to nothing where something was chosen in its form', async () => {
    await adapter.updateCallLog(connected.ctx, ref, { ...log, ...wire({ additionalSubmission: { deals: 101 }, dispositions: { deals: 102, note: '' } }) }, ['extra'])
    expect(given).toMatchObject([['upsertCallDisposition', { dispositions: { deals: 102 } }]])
    await adapter.updateCallLog(connected.ctx, ref, { ...log, ...wire({ dispositions: { deals: 102 }, more: { ringSenseLink: 'https://r.example' } }) }, ['extra'])
    expect(given.slice(1)).toMatchObject([['updateCallLog', { ringSenseLink: 'https://r.example' }], ['upsertCallDisposition', {}]])
  })

  it('is kept where the form has nothing that the connector keeps, and refused where it says why', async () => {
    const chosen = { ...log, ...wire({ dispositions: { deals: '', note: '' } }) }
    dispositionAnswers.push({ logId: null })
    await adapter.updateCallLog(connected.ctx, ref, chosen, ['extra'])
    dispositionAnswers.push({ logId: null, returnMessage: { messageType: 'warning', message: 'Closed' } })
    await expect(adapter.updateCallLog(connected.ctx, ref, chosen, ['extra'])).rejects.toMatchObject({ code: 'rejected' })
  })
})
