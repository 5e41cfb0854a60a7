import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactId, type AdapterContext, type ContactId, type ContactPhone } from '@linefinder/core'
import { variants } from '@linefinder/core/phone'
import acme from './index.js'
import { signInToNewAcme, type SignedIn } from './testing/signed-in.js'

let at: SignedIn

beforeAll(async () => { at = await signInToNewAcme(1) })
afterAll(() => at.stop())

const create = async (body: object): Promise<ContactId> => contactId.parse((await at.api.post('/people', body)).data.id)
const inAcme = async (id: ContactId) => (await at.api.get(`/people/${id}`)).data
const add = (id: ContactId, phone: ContactPhone, ctx: AdapterContext = at.ctx) => acme.addContactNumber!(ctx, id, phone)
const find = (number: string) =>
  acme.findContact(at.ctx, { e164: number, raw: number, extension: null, variants: variants(number, 'digits', { country: 'NL' }) })

/** Changes the person in Acme each time just before the adapter writes. */
function withSomebodyElseAtWork(id: ContactId, changes: number): AdapterContext {
  let left = changes
  const http: AdapterContext['http'] = Object.assign(Object.create(at.ctx.http) as AdapterContext['http'], {
    async patch(...given: Parameters<AdapterContext['http']['patch']>) {
      if (left-- > 0) await at.api.patch(`/people/${id}`, { title: `Change ${String(left)}` })
      return at.ctx.http.patch(...given)
    },
  })
  return { ...at.ctx, http }
}

describe('a number that is added', () => {
  it('joins the others, in Acme too, and touches nothing else', async () => {
    const id = await create({ name: 'Ida Mol', title: 'Owner', email: 'ida@mail.example', phones: [{ label: 'work', number: '(0413) 700-700' }] })
    const before = await inAcme(id)
    const changed = await add(id, { number: '+31612345000', label: 'mobile' })
    const phones = [{ label: 'work', number: '(0413) 700-700' }, { label: 'mobile', number: '+31612345000' }]
    expect(changed).toMatchObject({ id, name: 'Ida Mol', phones })
    expect(await inAcme(id)).toEqual({ ...before, phones, updated_at: expect.any(String) })
    expect(await find('+31612345000')).toEqual([changed])
  })

  it('is a work number when nothing is said of it', async () => {
    const id = await create({ name: 'Plain' })
    expect((await add(id, { number: '+31201234000' })).phones).toEqual([{ label: 'work', number: '+31201234000' }])
  })

  it.each(['0413 700 701', '+31 (0)413 700701', '0031413700701'])('changes nothing when it is there as (0413) 700-701: %s', async number => {
    const id = await create({ name: 'Same', phones: [{ number: '(0413) 700-701' }] })
    const before = await inAcme(id)
    expect((await add(id, { number, label: 'mobile' })).phones).toHaveLength(1)
    expect(await inAcme(id)).toEqual(before)
  })

  it('changes nothing the second time when it is no number of the world', async () => {
    const id = await create({ name: 'Inside' })
    await add(id, { number: '205' })
    expect((await add(id, { number: '205' })).phones).toEqual([{ label: 'work', number: '205' }])
  })

  it('keeps the long label of another number as it is in Acme', async () => {
    const id = await create({ name: 'Long', phones: [{ label: 'x'.repeat(200), number: '0800 3' }] })
    await add(id, { number: '0800 4' })
    expect((await inAcme(id)).phones[0].label).toBe('x'.repeat(200))
  })

  it('needs a person who is there', async () => {
    const id = await create({ name: 'Gone' })
    await at.api.delete(`/people/${id}`)
    await expect(add(id, { number: '205' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a person whom others change meanwhile', () => {
  it('keeps each of three numbers that are added at the same time', async () => {
    const id = await create({ name: 'Busy' })
    await Promise.all(['+31201234001', '+31201234002', '+31201234003'].map(number => add(id, { number })))
    const numbers: string[] = (await inAcme(id)).phones.map(({ number }: ContactPhone) => number)
    expect(numbers.sort()).toEqual(['+31201234001', '+31201234002', '+31201234003'])
  })

  it('gets the number and keeps the other’s change', async () => {
    const id = await create({ name: 'Shared' })
    await add(id, { number: '+31201234004' }, withSomebodyElseAtWork(id, 2))
    expect(await inAcme(id)).toMatchObject({ title: 'Change 0', phones: [{ number: '+31201234004' }] })
  })

  it('is left as the others made it when they never rest, and the adding fails as a conflict', async () => {
    const id = await create({ name: 'Restless' })
    await expect(add(id, { number: '+31201234005' }, withSomebodyElseAtWork(id, 3))).rejects.toMatchObject({ code: 'conflict' })
    expect(await inAcme(id)).toMatchObject({ title: 'Change 0', phones: [] })
  })
})
