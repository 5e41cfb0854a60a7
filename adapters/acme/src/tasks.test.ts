import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callbackInput, externalId, type Callback } from '@linefinder/core'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let at: SignedIn

beforeAll(async () => { at = await signInToNewAcme(1) })
afterAll(() => at.stop())

const callbackOf = (id: string, changes: object = {}): Callback => ({
  ...callbackInput.parse({ number: '+31612345678', name: 'Jan de Vries', dueAt: '2026-03-02T09:15:00+01:00', contactId: 'p_1001', note: 'After nine.', ...changes }),
  externalId: externalId.parse(id),
})
const inAcme = async (id: string) => (await at.api.get(`/activities/${id}`)).data

describe('a callback', () => {
  it('is a task of the person, due when they are to be called', async () => {
    const { id } = await acme.createTask!(at.ctx, callbackOf('lf-1'))
    expect(await inAcme(id)).toMatchObject({
      type: 'task', person_id: 'p_1001', external_id: 'lf-1', subject: 'Call back Jan de Vries', body: 'After nine.', to_number: '+31612345678',
      due_at: '2026-03-02T08:15:00.000Z', status: 'open',
    })
  })

  it('needs neither a person nor a name', async () => {
    const { id } = await acme.createTask!(at.ctx, callbackOf('lf-2', { contactId: undefined, name: undefined, number: '0612-345678' }))
    expect(await inAcme(id)).toMatchObject({ person_id: null, subject: 'Call back 0612-345678' })
  })

  it('changes in what has changed and in nothing else', async () => {
    const ref = await acme.createTask!(at.ctx, callbackOf('lf-3'))
    await at.api.patch(`/activities/${ref.id}`, { body: 'Edited by hand.' })
    await acme.updateTask!(at.ctx, ref, callbackOf('lf-3', { status: 'done', dueAt: '2026-03-03T10:00:00Z', note: 'Not to be written' }), ['status', 'dueAt'])
    expect(await inAcme(ref.id)).toMatchObject({ status: 'done', due_at: '2026-03-03T10:00:00.000Z', body: 'Edited by hand.' })
  })

  it('is found by our id', async () => {
    const ref = await acme.createTask!(at.ctx, callbackOf('lf-4', { status: 'cancelled' }))
    expect(await acme.findTask!(at.ctx, externalId.parse('lf-4'))).toEqual(ref)
    expect(await acme.findTask!(at.ctx, externalId.parse('lf-none'))).toBeNull()
  })
})
