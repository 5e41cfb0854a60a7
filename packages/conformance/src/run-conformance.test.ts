import { describe, expect, it } from '@jest/globals'
import { CrmError, type CrmAdapter } from '@linefinder/core'
import type { Topic } from './check.js'
import type { LimitName } from './limits.js'
import type { Report } from './report.js'
import { runConformance } from './run-conformance.js'
import { cardAdapter, schemes } from './testing/card-adapter.js'
import { cardsUnderTest } from './testing/cards-under-test.js'

const fieldsFor = {
  apiKey: (key: string) => ({ key }),
  basic: (key: string) => ({ username: 'somebody', password: key }),
  custom: (password: string) => ({ password }),
}
type SchemeName = keyof typeof fieldsFor

const limits: readonly LimitName[] = ['needsContact']

const prove = (scheme: SchemeName, changes: Partial<CrmAdapter> = {}, topics?: readonly Topic[]): Promise<Report> =>
  runConformance({
    adapter: { ...cardAdapter(schemes[scheme]), ...changes }, crm: () => cardsUnderTest(fieldsFor[scheme]), limits, ...(topics && { topics }),
  })

const failuresOf = ({ checks }: Report): string[] => checks.flatMap(({ topic, name, status, reason }) => status === 'failed' ? [`${topic}: ${name}: ${String(reason)}`] : [])

describe('an adapter that is right', () => {
  it('passes, whatever it connects by', async () => {
    expect(failuresOf(await prove('apiKey'))).toEqual([])
    for (const scheme of ['basic', 'custom'] as const) {
      expect([scheme, failuresOf(await prove(scheme, {}, ['contract', 'auth', 'getUserInfo', 'logout', 'manners']))]).toEqual([scheme, []])
    }
  }, 120_000)

  it('passes when it makes a log in steps, and says what it has made', async () => {
    const right = cardAdapter(schemes.apiKey)
    const { checks } = await prove('apiKey', { createsInSteps: true, createCallLog: async (ctx, log) => {
      const created = await right.createCallLog(ctx, { ...log, body: 'Call' })
      await right.updateCallLog(ctx, created, log, ['body']).catch((error: unknown) => { throw new CrmError('unavailable', { created, cause: error }) })
      return created
    } }, ['call logs'])
    expect(checks.find(({ name }) => name.startsWith('names what it has made when'))).toMatchObject({ status: 'passed' })
  })

  it('is told what could not be proved, and why', async () => {
    const { checks, counts, limits: declared } = await prove('apiKey', {}, ['call logs', 'listContacts'])
    expect(checks.find(({ name }) => name.startsWith('keeps the talking time'))).toMatchObject({ status: 'limited', reason: 'the probe shows no durationSeconds' })
    expect(checks.find(({ name }) => name.startsWith('logs a call of nobody'))).toMatchObject({ status: 'limited', reason: expect.stringMatching(/^needsContact: /) })
    expect(checks.filter(({ topic }) => topic === 'listContacts').every(({ status, reason }) => status === 'absent' && reason === 'no listContacts')).toBe(true)
    expect(declared).toEqual([{ name: 'needsContact', meaning: expect.any(String) }])
    expect(counts.passed + counts.limited + counts.absent + counts.failed).toBe(checks.length)
  })
})

it('refuses a limit that it does not know', async () => {
  const unknown = 'lateOnFridays' as LimitName
  await expect(runConformance({ adapter: cardAdapter(schemes.apiKey), crm: () => cardsUnderTest(fieldsFor.apiKey), limits: [unknown] })).rejects.toThrow(/lateOnFridays/)
})

describe('an adapter that is wrong', () => {
  const right = cardAdapter(schemes.apiKey)

  it.each<[string, Partial<CrmAdapter>, Topic, string]>([
    ['stores half of a recording', { uploadRecording: async (ctx, ref, recording, log) => {
      for await (const piece of recording.stream) await right.uploadRecording?.(ctx, ref, { ...recording, stream: [piece] as never }, log)
    } }, 'recordings', 'stores a recording with its activity, whole'],
    ['does not take an outcome away', { setDisposition: async (ctx, ref, outcome) => { if (outcome !== null) await right.setDisposition?.(ctx, ref, outcome) } },
      'outcomes and fields', 'sets each of its outcomes'],
    ['forgets what it made when its second request fails', { createsInSteps: true, createCallLog: async (ctx, log) => {
      const ref = await right.createCallLog(ctx, log)
      await right.updateCallLog(ctx, ref, log, ['body'])
      return ref
    } }, 'call logs', 'names what it has made when a later request of a log fails'],
    ['lets its credentials go to any host', { credentialHosts: () => ['*.example'] }, 'contract', 'names other hosts for its credentials whole'],
    ['lists a select without options', { fields: async () => [{ name: 'x', label: 'X', type: 'select' }] }, 'outcomes and fields', 'describes its own fields'],
    ['overwrites what people wrote', { getCallLog: async (_ctx, ref) => ({ ref, body: 'As it was' }) }, 'call logs', 'leaves a note that people edited'],
    ['reads the environment', { getUserInfo: ctx => process.env['CARDS_OFF'] === 'yes' ? Promise.reject(new Error()) : right.getUserInfo(ctx) }, 'manners', 'reads nothing from the environment'],
    ['asks somebody else', { getUserInfo: async ctx => {
      await fetch('http://127.0.0.1:45991/used').catch(() => undefined)
      return right.getUserInfo(ctx)
    } }, 'manners', 'asks its CRM through'],
    ['logs a number', { findContact: (ctx, query) => {
      ctx.log.debug('looking', { number: query.e164 })
      return right.findContact(ctx, query)
    } }, 'manners', 'says no credential'],
    ['leaves the connected user out', { listUsers: async () => [] }, 'getUserInfo', 'lists the users'],
    ['has an update without the create', { updateTask: async () => undefined, findTask: async () => null }, 'contract', 'has members that belong together'],
  ])('fails when it %s', async (_what, changes, topic, check) => {
    expect(failuresOf(await prove('apiKey', changes, [topic])).join('\n')).toContain(`${topic}: ${check}`)
  })
})
