import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { CrmError } from '@linefinder/core'

/** A recording on its way: a stream, or its bytes. */
export interface FilePart {
  readonly content: Readable | Buffer
  readonly fileName: string
  readonly contentType: string
  /** `null`: not known. */
  readonly sizeBytes: number | null
}

export type Part = { readonly name: string; readonly value: string } | { readonly name: string; readonly file: FilePart }

export interface Multipart {
  readonly contentType: string
  /** `null`: not known. */
  readonly lengthBytes: number | null
  readonly stream: Readable
}

/** RFC 7578, piece by piece: a recording is never in memory as a whole. */
export function multipartOf(parts: readonly Part[]): Multipart {
  const boundary = `linefinder-${randomUUID()}`
  const heads = parts.map(part => Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`))
  const end = Buffer.from(`--${boundary}--\r\n`)
  const sizes = parts.map(part => 'file' in part ? part.file.sizeBytes : Buffer.byteLength(part.value))
  const lengthBytes = sizes.every(size => size !== null)
    ? heads.reduce((sum, head) => sum + head.length + 2, end.length) + sizes.reduce((sum, size) => sum + size, 0)
    : null
  return { contentType: `multipart/form-data; boundary=${boundary}`, lengthBytes, stream: Readable.from(pieces(parts, heads, end), { objectMode: false }) }
}

async function* pieces(parts: readonly Part[], heads: readonly Buffer[], end: Buffer): AsyncGenerator<Buffer> {
  for (const [index, part] of parts.entries()) {
    yield heads[index] ?? Buffer.alloc(0)
    if ('file' in part) yield* wholeFile(part.file)
    else yield Buffer.from(part.value)
    yield Buffer.from('\r\n')
  }
  yield end
}

/** Throws when there is less or more than was said, so that no broken file counts as sent. */
export async function* wholeFile({ content, sizeBytes }: FilePart): AsyncGenerator<Buffer> {
  let sent = 0
  for await (const piece of Buffer.isBuffer(content) ? [content] : content) {
    // True because the stream of a recording is one of bytes.
    const bytes = Buffer.from(piece as Uint8Array)
    sent += bytes.length
    if (sizeBytes !== null && sent > sizeBytes) break
    yield bytes
  }
  if (sizeBytes !== null && sent !== sizeBytes) throw new CrmError('connection_lost', { detail: 'The recording is not as long as was said.' })
}

function headOf(part: Part): string {
  const name = `Content-Disposition: form-data; name="${inQuotes(part.name)}"`
  return 'file' in part ? `${name}; filename="${inQuotes(part.file.fileName)}"\r\nContent-Type: ${part.file.contentType.replace(/[\r\n]/g, '')}` : name
}

/** As browsers do it. */
const inQuotes = (text: string): string => text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')

const types: Readonly<Record<string, string>> = {
  wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg', oga: 'audio/ogg', opus: 'audio/ogg', m4a: 'audio/mp4', mp4: 'audio/mp4', aac: 'audio/aac', webm: 'audio/webm', flac: 'audio/flac',
}

/** By the file's extension. */
export function typeOfFile(fileName: string): string {
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(types, extension) ? types[extension] ?? 'application/octet-stream' : 'application/octet-stream'
}
