import { Readable } from 'node:stream'
import { CrmError, type Recording } from '@linefinder/core'

/** Tryton holds the whole of it in its memory, some three times. */
export const mostBytes = 100_000_000
/** Of a recording whose size nobody knows: it is held here first, since Tryton must be told the length of a request. */
export const mostBytesHeld = 25_000_000

export interface JsonBody {
  readonly stream: Readable
  readonly length: number
}

/**
 * `request` as JSON, with the recording in Base64 in the place of the text `placeholder`. It flows through, and is not held. Throws
 * `CrmError('rejected')` for one that is too large.
 */
export async function withFile(request: object, placeholder: string, recording: Recording): Promise<JsonBody> {
  const [before = '', after = ''] = JSON.stringify(request).split(placeholder)
  const { content, size } = await measured(recording)
  const length = Buffer.byteLength(before) + Math.ceil(size / 3) * 4 + Buffer.byteLength(after)
  return { length, stream: Readable.from(parts(before, inBase64(content, size), after), { objectMode: false }) }
}

async function measured({ stream, sizeBytes }: Recording): Promise<{ content: AsyncIterable<Buffer>; size: number }> {
  if (sizeBytes !== null) {
    if (sizeBytes > mostBytes) throw tooLarge(mostBytes)
    return { content: stream, size: sizeBytes }
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytesHeld) throw tooLarge(mostBytesHeld)
    chunks.push(chunk)
  }
  return { content: Readable.from(chunks), size }
}

const tooLarge = (most: number) =>
  new CrmError('rejected', { detail: `The recording is larger than the ${String(most / 1_000_000)} MB that can be stored in Tryton.` })

async function* parts(before: string, middle: AsyncIterable<string>, after: string): AsyncGenerator<string> {
  yield before
  yield* middle
  yield after
}

/** Three bytes at a time, so that the pieces make one text. */
async function* inBase64(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  let seen = 0
  for await (const chunk of content) {
    seen += chunk.length
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.length - bytes.length % 3
    rest = bytes.subarray(whole)
    yield bytes.toString('base64', 0, whole)
  }
  if (seen !== size) throw new CrmError('connection_lost', { detail: 'The recording is not as long as was said.' })
  yield rest.toString('base64')
}
