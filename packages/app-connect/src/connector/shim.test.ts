import { describe, expect, it } from '@jest/globals'
import { guardedAxios } from './guarded-axios.js'
import { createShim } from './shim/index.js'

const shimWith = (environment: Readonly<Record<string, string>>) => createShim({
  axios: guardedAxios(), output: () => undefined, environment: name => environment[name], requireOwn: () => { throw new Error('there is none') },
}).modules
const modules = shimWith({ APP_SERVER_SECRET_KEY: 'a key' })
// What a module holds is what its test says.
const moduleOf = <Module>(name: string, from = modules) => from.get(name) as Module
type Work = (...given: unknown[]) => unknown

describe('lib/jwt', () => {
  const { generateJwt, decodeJwt } = moduleOf<{ generateJwt: (data: object) => string; decodeJwt: Work }>('lib/jwt')

  it('knows its own tokens', () => {
    expect(decodeJwt(generateJwt({ id: '7-acme', platform: 'acme' }))).toMatchObject({ id: '7-acme', platform: 'acme' })
  })

  it('knows no other: another key, a changed one, one without a signature, and text', () => {
    const other = moduleOf<{ generateJwt: (data: object) => string }>('lib/jwt', shimWith({ APP_SERVER_SECRET_KEY: 'another' })).generateJwt({ id: '7' })
    const [header, , signature] = generateJwt({ id: '7' }).split('.')
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"id":"7"}').toString('base64url')}.`
    for (const token of [other, `${header}.${Buffer.from('{"id":"8"}').toString('base64url')}.${signature}`, none, 'text', undefined]) expect(decodeJwt(token)).toBeNull()
  })

  it('wants a key to be given', () => {
    expect(() => moduleOf<{ generateJwt: Work }>('lib/jwt', shimWith({})).generateJwt({})).toThrow('APP_SERVER_SECRET_KEY')
  })
})

describe('lib/encode', () => {
  const { encode, decoded } = moduleOf<{ encode: (text: string) => string; decoded: (text: string) => string }>('lib/encode')

  it('seals a text each time in another way, and opens what is whole only', () => {
    const sealed = encode('pass wörd')
    expect([decoded(sealed), encode('pass wörd') === sealed, sealed.includes('pass')]).toEqual(['pass wörd', false, false])
    expect(() => decoded(`${sealed.slice(0, -2)}${sealed.endsWith('00') ? '01' : '00'}`)).toThrow()
  })
})

describe('lib/util', () => {
  const util = moduleOf<Record<string, Work>>('lib/util')

  it('says how long in words', () => {
    expect([0, 1, 61, 3661, 'x'].map(seconds => util['secondsToHoursMinutesSeconds']!(seconds))).toEqual(['0 seconds', '1 second', '1 minute, 1 second', '1 hour, 1 minute, 1 second', 'x'])
  })

  it('takes the latest of what is there, and makes links and hashes', () => {
    expect(util['getMostRecentDate']!({ allDateValues: [null, 3, undefined, 5, 4] })).toBe(5)
    expect(util['getMediaReaderLinkByPlatformMediaLink']!('https://x.test/a?b=1')).toBe('https://ringcentral.github.io/ringcentral-media-reader/?media=https%3A%2F%2Fx.test%2Fa%3Fb%3D1')
    expect(util['getMediaReaderLinkByPlatformMediaLink']!('')).toBeNull()
    expect(util['getHashValue']!('1', 'k')).toBe('5d7c96341bc25459b2048902f8257a19b00b1dc9cd97622e7aeed7c005d51862')
  })
})

describe('lib/callLogComposer', () => {
  const composer = moduleOf<Record<string, (given: object) => string>>('lib/callLogComposer')

  it.each([
    ['text/plain', '- Note: a $& b\n- Duration: 1 minute, 1 second\n- Result: Missed\n', '- Note: c\n- Duration: 1 minute, 1 second\n- Result: Missed\n'],
    ['text/markdown', '## Agent notes\na $& b\n\n## Call details\n**Duration**: 1 minute, 1 second\n**Result**: Missed\n', '## Agent notes\nc\n\n## Call details\n**Duration**: 1 minute, 1 second\n**Result**: Missed\n'],
    ['text/html', '<b>Agent notes</b><br>a $&amp; b<br><br><b>Call details</b><br><li><b>Duration</b>: 1 minute, 1 second</li><li><b>Result</b>: Missed</li>', '<b>Agent notes</b><br>c<br><br><b>Call details</b><br><li><b>Duration</b>: 1 minute, 1 second</li><li><b>Result</b>: Missed</li>'],
  ])('puts a detail where it belongs, and another value in its place: %s', (logFormat, made, changed) => {
    const body = composer['composeCallLog']!({ logFormat, note: 'a $& b', duration: 61, result: 'Missed', callLog: {}, user: {}, contactInfo: {} })
    expect(body).toBe(made)
    expect(composer['upsertCallAgentNote']!({ body, note: 'c', logFormat })).toBe(changed)
    expect(composer['upsertCallResult']!({ body, result: 'Busy', logFormat })).toBe(made.replace('Missed', 'Busy'))
  })

  it('keeps a block whole, and what looks like markup as text', () => {
    const body = composer['upsertTranscript']!({ body: '- Note: x\n', transcript: 'one\ntwo\n', logFormat: 'text/plain' })
    expect(body).toBe('- Note: x\n- Transcript:\none\ntwo\n--- END')
    expect(composer['upsertTranscript']!({ body, transcript: 'three', logFormat: 'text/plain' })).toBe('- Note: x\n- Transcript:\nthree\n--- END')
    expect(composer['upsertAiNote']!({ body: '', aiNote: '<script>', logFormat: 'text/html' })).toBe('<div><b>AI Note</b><br>&lt;script&gt;</div>')
    expect(composer['upsertCallRecording']!({ body: '', recordingLink: 'https://x.test/"r', logFormat: 'text/html' })).toBe('<li><b>Call recording link</b>: <a target="_blank" href="https://x.test/&quot;r">open</a></li>')
  })
})

it('takes a connector whole, or function by function, under the names of now and of before', () => {
  const { registrations, modules: own } = createShim({ axios: guardedAxios(), output: () => undefined, environment: () => undefined, requireOwn: () => undefined })
  const { connectorRegistry, adapterRegistry } = own.get('') as Record<string, Record<string, Work>>
  const [createCallLog, updateCallLog, createContact] = [() => 1, () => 2, () => 3]
  connectorRegistry!['registerConnectorInterface']!('parts', 'createCallLog', createCallLog)
  connectorRegistry!['registerConnectorInterface']!('parts', 'updateCallLog', updateCallLog)
  adapterRegistry!['registerAdapter']!('whole', { createCallLog, updateCallLog }, { platforms: {} })
  connectorRegistry!['registerConnectorInterface']!('whole', 'createContact', createContact)
  expect(registrations.all()).toEqual([
    { platform: 'parts', module: { createCallLog, updateCallLog }, manifest: null }, { platform: 'whole', module: { createCallLog, updateCallLog, createContact }, manifest: { platforms: {} } },
  ])
  expect(() => connectorRegistry!['registerConnector']!('none', { createCallLog })).toThrow('no App Connect connector')
})

it('says what a connector cannot do here, once it does it', () => {
  const { sequelize } = moduleOf<{ sequelize: { define(name: string): unknown } }>('models/sequelize')
  expect(() => sequelize.define('x')).toThrow('has no database here')
})
