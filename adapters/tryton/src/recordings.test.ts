import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { activityId, callLogInput, contactId, CrmError, externalId, type ActivityRef, type CallLog, type Recording } from '@linefinder/core'
import { mostBytes, mostBytesHeld } from './attachment.js'
import tryton from './index.js'
import { probeWithAnn, type Probe } from './testing/probe.js'
import { signIn, type SignedIn } from './testing/signed-in.js'
import { installed, startTryton, type Tryton } from './testing/start-tryton.js'

const whereTrytonIs = installed === '' ? describe.skip : describe

whereTrytonIs('a recording', () => {
  let server: Tryton
  let probe: Probe
  let ann: SignedIn
  let party: number
  let log: CallLog
  let ref: ActivityRef
  beforeAll(async () => {
    server = await startTryton()
    probe = await probeWithAnn(server)
    ann = await signIn(server)
  }, 120_000)
  afterAll(() => server.stop())
  beforeEach(async () => {
    party = await probe.createParty('De Vries Dakwerken')
    log = {
      ...callLogInput.parse({ direction: 'inbound', from: { number: '+31413741741' }, to: { number: '201' }, startedAt: '2026-03-02T09:15:00Z' }),
      contactId: contactId.parse(String(party)), externalId: externalId.parse(`lf-${String(party)}`),
    }
    ref = await tryton.createCallLog(ann.ctx, log)
  })

  const upload = (chunks: Iterable<Buffer>, sizeBytes: number | null, more: Partial<Recording> = {}) =>
    tryton.uploadRecording!(ann.ctx, ref, { stream: Readable.from(chunks), contentType: 'audio/mpeg', fileName: 'call.mp3', sizeBytes, ...more }, log)
  const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex')

  it.each([1, 2, 3, 100_000, 3_000_001])('of %d bytes is a file of the party, byte by byte, of known length and of unknown', async size => {
    const content = randomBytes(size)
    const pieces = () => Array.from({ length: Math.ceil(size / 40_000) }, (_, index) => content.subarray(index * 40_000, (index + 1) * 40_000))
    await upload(pieces(), size)
    await upload(pieces(), null, { fileName: 'again.mp3' })
    const files = await probe.filesOn(party)
    expect(files.map(({ name, description, data }) => [name, description, hash(data)])).toEqual([
      ['call.mp3', `Call recording\n[lf-${String(party)}]`, hash(content)],
      ['again.mp3', `Call recording\n[lf-${String(party)}]`, hash(content)],
    ])
  })

  it('replaces the one of the same name', async () => {
    await upload([Buffer.from('first')], 5)
    await upload([Buffer.from('second')], 6)
    expect((await probe.filesOn(party)).map(({ data }) => data.toString())).toEqual(['second'])
  })

  it('that is too large is refused before anything is sent', async () => {
    await expect(upload([], mostBytes + 1)).rejects.toMatchObject({ code: 'rejected', detail: expect.stringContaining('100 MB') })
    const piece = Buffer.alloc(1_000_000)
    await expect(upload(Array.from({ length: mostBytesHeld / 1_000_000 + 1 }, () => piece), null)).rejects.toMatchObject({ code: 'rejected' })
    expect(await probe.filesOn(party)).toEqual([])
  })

  it.each([[2], [4]])('that is not as long as was said (%d bytes for 3) leaves nothing behind', async size => {
    await expect(upload([Buffer.alloc(size)], 3)).rejects.toBeDefined()
    expect(await probe.filesOn(party)).toEqual([])
  })

  it('needs its note', async () => {
    ref = { id: activityId.parse('999999') }
    await expect(upload([Buffer.from('abc')], 3)).rejects.toEqual(new CrmError('not_found'))
  })
})
