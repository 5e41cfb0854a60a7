import { Transform, type Readable } from 'node:stream'
import axios, { type AxiosResponse } from 'axios'
import { CrmError } from '@linefinder/core'
import type { AddressGuard } from '../crm/address-guard.js'
import { RecordingRefused } from './recording-refused.js'

export interface RecordingSource {
  readonly url: string
  /** Those that it may come from, also by way of redirects. */
  readonly hosts: readonly string[]
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface OpenRecording {
  /** Ends in `RecordingRefused` when more comes than may. */
  readonly stream: Readable
  readonly contentType: string
  readonly sizeBytes: number | null
}

const mostRedirects = 3
const passingStatuses = new Set([408, 425, 429])

/** Begins to read a recording from the phone system, piece by piece. Throws `RecordingRefused`, and other errors for what may pass. */
export async function openRecording(guard: AddressGuard, source: RecordingSource): Promise<OpenRecording> {
  let url = source.url
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await ask(guard, url, source)
    const location: unknown = response.headers['location']
    if (response.status >= 300 && response.status < 400 && typeof location === 'string') {
      response.data.destroy()
      url = new URL(location, url).href
      continue
    }
    return accepted(response, source)
  }
  throw new RecordingRefused('The phone system redirects too often.')
}

async function ask(guard: AddressGuard, url: string, { hosts, signal }: RecordingSource): Promise<AxiosResponse<Readable>> {
  const { host } = new URL(url)
  if (!hosts.includes(host)) throw new RecordingRefused('Its host is none of the installation’s recordingHosts.')
  try {
    guard.check(url)
  } catch (error) {
    throw error instanceof CrmError ? new RecordingRefused(error.detail ?? error.message) : error
  }
  return axios.get<Readable>(url, {
    ...guard.agentsFor(url), responseType: 'stream', maxRedirects: 0, proxy: false, signal, validateStatus: null,
    headers: { 'User-Agent': 'Linefinder', Accept: 'audio/*, video/*, application/octet-stream', 'Accept-Encoding': 'identity' },
  })
}

function accepted({ status, headers, data }: AxiosResponse<Readable>, { maxBytes }: RecordingSource): OpenRecording {
  const contentType = String(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const length = Number(headers['content-length'] ?? Number.NaN)
  const refusal = refusalOf(status, contentType, length > maxBytes)
  if (refusal) {
    data.destroy()
    throw refusal
  }
  return { stream: capped(data, maxBytes), contentType, sizeBytes: Number.isFinite(length) ? length : null }
}

function refusalOf(status: number, contentType: string, isTooLarge: boolean): Error | null {
  if (status >= 500 || passingStatuses.has(status)) return new Error(`The phone system answered ${String(status)}.`)
  if (status !== 200) return new RecordingRefused(`The phone system answered ${String(status)}.`)
  if (!/^(audio|video)\/.|^application\/octet-stream$/.test(contentType)) return new RecordingRefused('It is neither audio nor video.')
  return isTooLarge ? new RecordingRefused(tooLarge) : null
}

const tooLarge = 'It is larger than maxRecordingMb allows.'

function capped(source: Readable, maxBytes: number): Readable {
  let bytes = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new RecordingRefused(tooLarge))
      else done(null, chunk)
    },
  })
  source.on('error', error => { counter.destroy(error) })
  counter.on('close', () => { source.destroy() })
  return source.pipe(counter)
}
