import { describe, expect, it } from '@jest/globals'
import { apiKey, oauth2 } from '@linefinder/core'
import { crmUserIdOf, hostOf, toCallLink, toMessageLink, toUser, toUserSettings } from './mapping.js'
import { Tally } from './report.js'
import type { SourceCall, SourceConversation, SourceUser } from './source-rows.js'

const mapping = { platform: 'acme', phoneSystem: 'ringcentral' }
const user: SourceUser = {
  id: '17-acme', hostname: 'crm.example.test', accessToken: 'a token', refreshToken: 'a refresh token', tokenExpiry: new Date('2026-03-01T00:00:00Z'), additionalInfo: { site: 'eu', tokens: 3 }, userSettings: null,
}
const byOAuth = { scheme: oauth2({ authorizeUrl: 'https://{hostname}/a', tokenUrl: 'https://{hostname}/t', scopes: [] }), keyField: null }
const byKey = {
  scheme: apiKey({ fields: [{ name: 'key', label: 'Key', secret: true }, { name: 'site', label: 'Site' }], placements: [{ in: 'header', field: 'key', name: 'X-Key' }] }), keyField: 'key',
}

describe('a user', () => {
  it.each([['17-acme', '17'], ['a-b-acme', 'a-b'], ['17', null], ['-acme', null], ['17-other', null], [null, null]])('%s is known in the CRM as %s', (id, expected) => {
    expect(crmUserIdOf(id, 'acme')).toBe(expected)
  })

  it.each([['CRM.Example.test ', 'crm.example.test'], ['temp', null], ['', null], [null, null]])('of the host %s is led to %s', (hostname, expected) => {
    expect(hostOf(hostname)).toBe(expected)
  })

  it('brings what OAuth gave', () => {
    expect(toUser(user, '17', byOAuth).credentials).toEqual({ type: 'oauth2', accessToken: 'a token', refreshToken: 'a refresh token', renewAt: Date.parse('2026-03-01T00:00:00Z') })
    expect(toUser({ ...user, refreshToken: '', tokenExpiry: null }, '17', byOAuth).credentials).toEqual({ type: 'oauth2', accessToken: 'a token' })
  })

  it('brings an API key in the field of the CRM’s form, and what else of the form is known', () => {
    expect(toUser(user, '17', byKey).credentials).toEqual({ type: 'fields', fields: { key: 'a token', site: 'eu' } })
  })

  it('who is signed out brings none', () => {
    expect(toUser({ ...user, accessToken: '' }, '17', byOAuth)).toEqual({ label: '17-acme', crmUserId: '17', hostname: 'crm.example.test', credentials: null })
  })
})

const call: SourceCall = {
  id: 'tel-1', sessionId: 's1', extensionNumber: '', hashedExtensionId: '', thirdPartyLogId: 'log-1', userId: '17-acme', contactId: 'c1', createdAt: new Date('2026-03-01T10:00:00Z'), hostname: null, turn: 1,
}

describe('a call', () => {
  it('is known by its session, and by its activity in the CRM', () => {
    expect(toCallLink(call, '17', mapping)).toEqual({
      label: 's1', kind: 'call', crmUserId: '17', hostname: null, phoneSystem: 'ringcentral', key: 's1', part: '', activityId: 'log-1', contactId: 'c1', occursAt: call.createdAt,
    })
  })

  it.each([[{ extensionNumber: '201' }, '201#2'], [{ hashedExtensionId: 'abc' }, 'abc#2'], [{}, 'tel-1#2']])('of a session with several rows keeps a leg for %j', (changes, part) => {
    expect(toCallLink({ ...call, ...changes, turn: 2 }, '17', mapping).part).toBe(part)
  })
})

describe('messages', () => {
  const conversation: SourceConversation = {
    conversationLogId: 'c7/3/2/2026', conversationId: 'c7', messageIds: ['m1', 'm2'], thirdPartyLogId: 'log-2', userId: '17-acme', createdAt: new Date('2026-03-02T22:00:00Z'), hostname: null,
  }

  it('of a day of a conversation are one activity', () => {
    expect(toMessageLink(conversation, '17', mapping)).toMatchObject({ kind: 'message', key: 'c7', part: '2026-03-02', activityId: 'log-2', messageIds: ['m1', 'm2'] })
  })

  it.each([
    ['c7/03/02/2026', 'c7', '2026-03-02'], ['c7/2/3/2026', 'c7', '2026-02-03'], ['c7/2026-03-01', 'c7', '2026-03-01'],
    ['c7/31/2/2026', 'c7/31/2/2026', '2026-03-02'], ['c7', 'c7', '2026-03-02'], ['m1', 'm1', '2026-03-02'],
  ])('under %s are of %s on %s', (conversationLogId, key, day) => {
    expect(toMessageLink({ ...conversation, conversationLogId }, '17', mapping)).toMatchObject({ key, part: day })
  })

  it('of a conversation with several people are known without the contact behind their ids, too', () => {
    const group = { ...conversation, conversationId: 'c7-12-34', conversationLogId: 'c7/3/2/2026-12-34', messageIds: ['m1-12-34'] }
    expect(toMessageLink(group, '17', mapping)).toMatchObject({ key: 'c7-12-34', part: '2026-03-02', messageIds: ['m1-12-34', 'm1'] })
  })
})

it('settings are taken over without what is named as a credential', () => {
  expect(toUserSettings({ autoLogCall: { value: true }, rcToken: 'x', API_KEY: 'y' })).toEqual({ autoLogCall: { value: true } })
  for (const nothing of [null, {}, [], 'text', { refreshToken: 'x' }]) expect(toUserSettings(nothing)).toBeNull()
})

it('a report counts, says why, and shows ten ids at most', () => {
  const tally = new Tally('Users')
  tally.add([{ label: 'a', is: 'new' }, { label: 'b', is: 'there' }, { label: 'c', is: 'skipped', reason: 'host_not_allowed' }])
  for (let n = 1; n <= 12; n++) tally.skip(`x${String(n)}`, 'unknown_form')
  expect(tally.toString()).toBe([
    'Users: 1 new, 1 there already, 13 skipped',
    '  1 skipped: the installation does not lead to their host: allow it there, or name one host for all with --host', '    c',
    '  12 skipped: their id does not end with the platform’s name, so the CRM’s id of the user is not known', '    x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, …',
  ].join('\n'))
})
