import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { addAbortSignal, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cleanCsv } from './clean-csv.js'
import { cleanJsonLines } from './clean-json-lines.js'
import type { CleanOptions } from './clean-number.js'
import { readStart, type FileFormat } from './file-format.js'
import { openReport, type LeftReport } from './left-report.js'
import { fileError, PhonesError } from './phones-error.js'
import { Progress } from './progress.js'
import { isSameFile, refuseReadOnly, replaceFile } from './replacement.js'
import { Tally } from './tally.js'

export interface CleanFileOptions extends CleanOptions {
  readonly columns: readonly string[]
  readonly extensionColumn: string | undefined
  /** Default: as the file's name or its beginning tells. */
  readonly format: FileFormat | undefined
  /** Default `,`, and a tab for `.tsv`. */
  readonly delimiter: string | undefined
  readonly target: { readonly kind: 'stdout' | 'in-place' } | { readonly kind: 'file'; readonly path: string }
  /** A file for what could not be cleaned. */
  readonly report: string | undefined
  /** Whether files that are there may be overwritten. */
  readonly overwrites: boolean
}

/**
 * Cleans a file, or standard input, from beginning to end in little memory. Whatever goes wrong, and when the signal is aborted, no
 * file is changed. Throws `PhonesError` with a sentence for whoever asked, or the signal's `AbortError`.
 */
export async function cleanFile(path: string | undefined, options: CleanFileOptions, signal: AbortSignal): Promise<Tally> {
  await refuseSameFiles(path, options)
  const tally = new Tally(options.report !== undefined)
  const source = await openSource(path, signal)
  const progress = new Progress(process.stderr)
  let target: Target | undefined
  let report: LeftReport | undefined
  try {
    const start = await readStart(source.chunks(), path, options.format)
    const cleaned = start.format === 'ndjson'
      ? cleanJsonLines(start.chunks, options, tally)
      : cleanCsv(start.chunks, { ...options, delimiter: options.delimiter ?? (path?.toLowerCase().endsWith('.tsv') ? '\t' : ',') }, tally)
    target = await openTarget(path, options)
    report = options.report === undefined ? undefined : await openReport(options.report, { overwrites: options.overwrites })
    const everything = async function* () {
      let before = start.mark
      for await (const piece of cleaned) {
        await report?.add(tally.takeLeftovers())
        progress.show({ bytes: source.bytesRead(), totalBytes: source.totalBytes, rows: tally.rows })
        yield Buffer.concat([before, piece])
        before = Buffer.alloc(0)
      }
      await report?.add(tally.takeLeftovers())
    }
    await pipeline(everything, target.stream, { signal, end: target.isFile })
    // A file of which nothing changed is not touched.
    if (options.target.kind !== 'in-place' || tally.cleaned > 0) await target.commit()
    await report?.commit()
    return tally
  } finally {
    progress.clear()
    await target?.abandon()
    await report?.abandon()
  }
}

async function refuseSameFiles(path: string | undefined, { target, report }: CleanFileOptions): Promise<void> {
  if (path !== undefined && target.kind === 'file' && await isSameFile(path, target.path)) {
    throw new PhonesError(`"${target.path}" is the file itself. --in-place replaces it.`)
  }
  const others = [path, target.kind === 'file' ? target.path : undefined]
  for (const other of others) {
    if (report !== undefined && other !== undefined && (other === report || await isSameFile(other, report))) {
      throw new PhonesError(`The report cannot be written to "${report}": that is a file of the numbers.`)
    }
  }
}

interface Source {
  chunks(): AsyncGenerator<Buffer>
  bytesRead(): number
  readonly totalBytes: number | null
}

async function openSource(path: string | undefined, signal: AbortSignal): Promise<Source> {
  if (path === undefined && process.stdin.isTTY) throw new PhonesError('Name a file, or send one by a pipe.')
  const facts = path === undefined ? null : await stat(path).catch((error: unknown) => { throw fileError(error, path) })
  const stream = addAbortSignal(signal, path === undefined ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 }))
  let bytes = 0
  return {
    async* chunks() {
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          bytes += chunk.length
          yield chunk
        }
      } catch (error) {
        throw path === undefined ? error : fileError(error, path)
      }
    },
    bytesRead: () => bytes,
    totalBytes: facts?.isFile() ? facts.size : null,
  }
}

interface Target {
  readonly stream: Writable
  readonly isFile: boolean
  commit(): Promise<void>
  abandon(): Promise<void>
}

async function openTarget(path: string | undefined, { target, overwrites }: CleanFileOptions): Promise<Target> {
  if (target.kind === 'stdout') return { stream: process.stdout, isFile: false, commit: async () => undefined, abandon: async () => undefined }
  if (target.kind === 'file') return { isFile: true, ...await replaceFile(target.path, { overwrites }) }
  if (path === undefined) throw new PhonesError('--in-place needs a file: what comes by a pipe has no place.')
  await refuseReadOnly(path)
  return { isFile: true, ...await replaceFile(path, { overwrites: true }) }
}
