import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import type { Recording } from '@linefinder/core'
import type { Bench } from '../bench.js'
import { about } from '../check.js'
import { failureOf } from '../failure-of.js'
import { newWord, sampleCall } from '../samples.js'
import { seenActivity, shown } from '../seen.js'

const pieceBytes = 64 * 1024

function recording(pieces: number, fileName: string, onPiece: () => void = () => undefined): Recording {
  const piece = Buffer.alloc(pieceBytes, 7)
  const stream = Readable.from((function* () {
    for (let count = 0; count < pieces; count += 1) {
      onPiece()
      yield piece
    }
  })())
  return { stream, contentType: 'audio/mpeg', fileName, sizeBytes: pieces * pieceBytes }
}

async function loggedCall(bench: Bench) {
  bench.needs('uploadRecording')
  const { id } = await bench.seed()
  const log = sampleCall(bench.adapter, { contactId: id, recordingUrl: `https://phone.example.test/${newWord()}.mp3` })
  return { log, ref: await bench.as().createCallLog(log) }
}

export const recordingChecks = about('recordings', {
  async 'stores a recording with its activity, whole'(bench) {
    const { log, ref } = await loggedCall(bench)
    const fileName = `${newWord()}.mp3`
    await bench.as().uploadRecording(ref, recording(16, fileName), log)
    const kept = shown(await seenActivity(bench, ref), 'recordings') ?? []
    assert.deepEqual(kept.map(({ sizeBytes }) => sizeBytes), [16 * pieceBytes])
  },

  async 'reads the stream to its end'(bench) {
    const { log, ref } = await loggedCall(bench)
    let read = 0
    await bench.as().uploadRecording(ref, recording(32, `${newWord()}.mp3`, () => { read += 1 }), log)
    assert.equal(read, 32)
  },

  async 'replaces a recording of the same name'(bench) {
    const { log, ref } = await loggedCall(bench)
    const fileName = `${newWord()}.mp3`
    await bench.as().uploadRecording(ref, recording(2, fileName), log)
    await bench.as().uploadRecording(ref, recording(3, fileName), log)
    const kept = shown(await seenActivity(bench, ref), 'recordings') ?? []
    assert.deepEqual(kept.map(({ sizeBytes }) => sizeBytes), [3 * pieceBytes])
  },

  async 'takes a recording whose size is not known'(bench) {
    const { log, ref } = await loggedCall(bench)
    await bench.as().uploadRecording(ref, { ...recording(4, `${newWord()}.mp3`), sizeBytes: null }, log)
  },

  async 'fails when the recording breaks off'(bench) {
    const { log, ref } = await loggedCall(bench)
    const stream = Readable.from((async function* () {
      yield Buffer.alloc(pieceBytes)
      throw new Error('the phone system went away')
    })())
    await failureOf(bench.as({ deadlineMs: 3000 }).uploadRecording(ref, { stream, contentType: 'audio/mpeg', fileName: `${newWord()}.mp3`, sizeBytes: 10 * pieceBytes }, log))
  },
})
