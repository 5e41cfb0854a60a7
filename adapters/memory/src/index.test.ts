import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  activityId, authFormOf, callLogInput, capabilitiesOf, contactId, CrmError, crmUserId, externalId, logField,
  type AdapterContext, type CallLog, type CrmAdapter, type CustomScheme, type LoginContext, type PhoneQuery,
} from '@linefinder/core'
import { parsePhone, samePhone, variants } from '@linefinder/core/phone'
import loadedByServer, { memory } from './index.js'

const country = 'NL'

/** What the server gives an adapter. This one needs no requests. */
const ctx: AdapterContext = {
  get http(): never { throw new Error('the CRM in memory asks nobody') },
  connection: { id: '1', hostname: 'memory.invalid', settings: {}, secrets: {}, user: null },
  filledIn: async () => ({}),
  phone: {
    options: { country },
    parse: text => parsePhone(text, { country }),
    isSame: (a, b) => samePhone(a, b, { country }),
  },
  log: { debug() { /* not looked at */ }, warn() { /* not looked at */ } },
  signal: new AbortController().signal,
}
const loginContext: LoginContext = { get http() { return ctx.http }, hostname: 'memory.invalid', signal: ctx.signal }

const queryOf = (raw: string): PhoneQuery => {
  const parsed = parsePhone(raw, { country })
  return { e164: parsed.ok ? parsed.e164 : null, raw, extension: null, variants: variants(raw, 'e164', { country }) }
}

const log: CallLog = {
  ...callLogInput.parse({
    direction: 'inbound', from: { number: '+31413741741' }, to: { number: '+31201234567' }, startedAt: '2026-03-02T09:15:00+01:00',
    subject: 'Roof', note: 'Wants a quote.', disposition: 'Lead', contactId: 'c1',
  }),
  externalId: externalId.parse('lf-1'),
}

type Complete = Required<Pick<CrmAdapter, 'searchContacts' | 'listContacts' | 'addContactNumber' | 'getCallLog' | 'findCallLog' | 'fields' | 'listDispositions'>> & CrmAdapter

let adapter: Complete
beforeEach(() => { adapter = memory() as Complete })

describe('the adapter', () => {
  it('has what a CRM of people, calls and messages has, but no links, since it has no pages', () => {
    expect(capabilitiesOf(adapter)).toEqual([
      'searchContacts', 'listContacts', 'addContactNumber', 'getCallLog', 'findCallLog', 'listDispositions', 'fields',
      'createMessageLog', 'updateMessageLog', 'getMessageLog', 'findMessageLog', 'createTask', 'updateTask', 'findTask', 'listUsers',
    ])
  })

  it('is the module’s default export, as a server loads it', () => {
    expect(loadedByServer).toMatchObject({ id: 'memory', contractVersion: 1 })
  })

  it('keeps one instance’s records from another’s', async () => {
    await adapter.createContact(ctx, { name: 'New', phone: '+31201111111' })
    expect(await memory().findContact(ctx, queryOf('+31201111111'))).toEqual([])
  })

  it('refuses options that it cannot work with', () => {
    expect(() => memory({ key: 'short' })).toThrow(/key/)
  })
})

describe('connecting', () => {
  const scheme = (from: CrmAdapter) => from.auth as CustomScheme

  it('asks for one secret field', () => {
    expect(authFormOf(scheme(adapter))).toMatchObject({ type: 'custom', fields: [{ name: 'key', secret: true, required: true }] })
  })

  it('accepts the key that the CRM was started with', async () => {
    const own = memory({ key: 'another-key' })
    const credential = await scheme(own).login(loginContext, { key: 'another-key' })
    expect(scheme(own).authorize(credential)).toEqual({})
  })

  it.each([{ key: 'wrong-key' }, { key: '' }, {}])('refuses %j', async fields => {
    await expect(scheme(adapter).login(loginContext, fields)).rejects.toEqual(new CrmError('unauthorized'))
  })

  it('belongs to the user that the CRM was started with', async () => {
    expect(await adapter.getUserInfo(ctx)).toMatchObject({ id: 'u1', name: 'Demo Agent', account: { id: 'memory' } })
    const ann = { id: crmUserId.parse('u7'), name: 'Ann' }
    expect(await memory({ user: ann }).getUserInfo(ctx)).toEqual(ann)
  })

  it('ends without a word', async () => {
    await expect(adapter.logout(ctx)).resolves.toBeUndefined()
  })
})

describe('contacts', () => {
  it.each(['+31413741741', '0413 741 741', '0031 (0)413-741741'])('are found by %s, however the CRM stores it', async raw => {
    expect(await adapter.findContact(ctx, queryOf(raw))).toMatchObject([{ id: 'c1', name: 'Jan de Vries' }])
  })

  it.each(['+31201111111', '204', 'anonymous'])('are not found by %s', async raw => {
    expect(await adapter.findContact(ctx, queryOf(raw))).toEqual([])
  })

  it('are found by part of their name, at most as many as asked for', async () => {
    expect(await adapter.searchContacts(ctx, 'THOM', 10)).toMatchObject([{ id: 'c2' }])
    expect(await adapter.searchContacts(ctx, '', 1)).toHaveLength(1)
    expect(await adapter.searchContacts(ctx, 'nobody', 10)).toEqual([])
  })

  it('can be created, and then found', async () => {
    const created = await adapter.createContact(ctx, { name: 'Piet', phone: '+31201111111', phoneLabel: 'home', companyName: 'Piet BV' })
    expect(created).toMatchObject({ name: 'Piet', companyName: 'Piet BV', phones: [{ number: '+31201111111', label: 'home' }] })
    expect(await adapter.findContact(ctx, queryOf('020 111 1111'))).toEqual([created])
  })

  it('keep their ids when others are created', async () => {
    const own = memory({ contacts: [{ id: 'c2', name: 'Only one', phones: [{ number: '+31201234567' }] }] })
    const { id } = await own.createContact(ctx, { name: 'Piet', phone: '+31201111111' })
    expect(id).not.toBe('c2')
    expect(await own.findContact(ctx, queryOf('+31201234567'))).toMatchObject([{ id: 'c2', name: 'Only one' }])
  })
})

describe('the list of contacts', () => {
  it('comes in pages of 100, each contact once, in the same order, those that were added meanwhile included', async () => {
    const own = memory({
      contacts: Array.from({ length: 200 }, (_, index) => ({ id: `c${String(index)}`, name: 'Ann', phones: [] })),
    }) as Complete
    const first = await own.listContacts(ctx, null, null)
    expect(first.contacts.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => `c${String(index)}`))
    const late = await own.createContact(ctx, { name: 'Late', phone: '+31201111111' })
    const second = await own.listContacts(ctx, null, first.nextCursor)
    const last = await own.listContacts(ctx, null, second.nextCursor)
    expect(second.contacts.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => `c${String(index + 100)}`))
    expect(last).toEqual({ contacts: [late], nextCursor: null })
  })

  it('ends with a page that is full', async () => {
    const own = memory({ contacts: Array.from({ length: 100 }, (_, index) => ({ id: `c${String(index)}`, name: 'Ann', phones: [] })) }) as Complete
    expect((await own.listContacts(ctx, null, null)).nextCursor).toBeNull()
  })

  it('holds everyone whatever the time that is asked for, since the CRM does not know who changed', async () => {
    expect(await adapter.listContacts(ctx, '2999-01-01T00:00:00Z', null)).toMatchObject({ contacts: [{ id: 'c1' }, { id: 'c2' }], nextCursor: null })
  })
})

describe('a number that is added', () => {
  const c1 = contactId.parse('c1')

  it('joins the others, and the contact is found by it', async () => {
    const changed = await adapter.addContactNumber(ctx, c1, { number: '06 12345678', label: 'mobile' })
    expect(changed).toMatchObject({
      id: 'c1', name: 'Jan de Vries', phones: [{ number: '+31 (0)413 741-741', label: 'work' }, { number: '06 12345678', label: 'mobile' }],
    })
    expect(await adapter.findContact(ctx, queryOf('+31612345678'))).toEqual([changed])
  })

  it.each(['0413741741', '+31 413 741 741', '205'])('changes nothing the second time: %s', async number => {
    const once = await adapter.addContactNumber(ctx, c1, { number })
    expect(await adapter.addContactNumber(ctx, c1, { number })).toEqual(once)
    expect(once.phones.length).toBe(number === '205' ? 2 : 1)
  })

  it('needs a contact that is there', async () => {
    await expect(adapter.addContactNumber(ctx, contactId.parse('gone'), { number: '205' })).rejects.toEqual(new CrmError('not_found'))
  })
})

describe('call logs', () => {
  it('are created and read back', async () => {
    const ref = await adapter.createCallLog(ctx, log)
    expect(await adapter.getCallLog(ctx, ref)).toEqual({ ref, subject: 'Roof', note: 'Wants a quote.', disposition: 'Lead', contactId: contactId.parse('c1') })
  })

  it('are found by our id', async () => {
    await adapter.createCallLog(ctx, { ...log, externalId: externalId.parse('lf-0') })
    const ref = await adapter.createCallLog(ctx, log)
    expect(await adapter.findCallLog(ctx, log.externalId)).toEqual(ref)
    expect(await adapter.findCallLog(ctx, externalId.parse('lf-2'))).toBeNull()
  })

  it('change in what has changed and in nothing else', async () => {
    const ref = await adapter.createCallLog(ctx, log)
    await adapter.updateCallLog(ctx, ref, { ...log, note: 'Called back.', subject: 'Not to be written' }, ['note'])
    expect(await adapter.getCallLog(ctx, ref)).toMatchObject({ note: 'Called back.', subject: 'Roof', disposition: 'Lead' })
  })

  it('lose a field that was removed', async () => {
    const ref = await adapter.createCallLog(ctx, log)
    const { note: _, ...withoutNote } = log
    await adapter.updateCallLog(ctx, ref, withoutNote, ['note'])
    expect((await adapter.getCallLog(ctx, ref))?.note).toBeUndefined()
  })

  it('that are not there read as null and cannot be changed', async () => {
    const nowhere = { id: activityId.parse('gone') }
    expect(await adapter.getCallLog(ctx, nowhere)).toBeNull()
    await expect(adapter.updateCallLog(ctx, nowhere, log, ['note'])).rejects.toEqual(new CrmError('not_found'))
  })
})

describe('beside the note', () => {
  it('has fields of calls, and of nothing else', async () => {
    const contactId = null
    expect((await adapter.fields(ctx, { kind: 'call', contactId })).map(field => logField.parse(field).name)).toEqual(['topic', 'order'])
    expect(await adapter.fields(ctx, { kind: 'message', contactId })).toEqual([])
  })

  it('has outcomes', async () => {
    expect((await adapter.listDispositions(ctx)).map(({ value }) => value)).toEqual(['done', 'call_back'])
  })
})
