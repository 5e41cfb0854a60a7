import { CrmError, type ActivityRef, type AdapterContext, type CallLog, type Recording } from '@linefinder/core'
import type { DocumentMethods } from '../methods.js'
import { parametersOf } from './log-parameters.js'

/** In Base64 a recording is in memory as a whole. */
export const maxEncodedBytes = 15 * 1024 * 1024

/** As it comes where the request has parts or is the file; in Base64 where it is JSON or a form. */
export async function uploadRecording(methods: DocumentMethods, ctx: AdapterContext, ref: ActivityRef, recording: Recording, log: CallLog): Promise<void> {
  const { stream, contentType, fileName, sizeBytes } = recording
  const parameters = { ...parametersOf(log, ctx), activity_id: ref.id, filename: fileName }
  const how = methods.find('UploadFile')?.contentType
  if (how === 'multipart' || how === 'file') {
    await methods.call(ctx, 'UploadFile', parameters, { file: { content: stream, contentType, fileName, sizeBytes } })
  } else {
    await methods.call(ctx, 'UploadFile', { ...parameters, file: await inBase64(recording) })
  }
}

async function inBase64({ stream, sizeBytes }: Recording): Promise<string> {
  const tooLarge = () => new CrmError('rejected', { detail: `In Base64 a recording may have ${String(maxEncodedBytes / 1024 / 1024)} MB at most.` })
  if (sizeBytes !== null && sizeBytes > maxEncodedBytes) throw tooLarge()
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    // True because the stream of a recording is one of bytes.
    pieces.push(Buffer.from(piece as Uint8Array))
    length += pieces.at(-1)?.length ?? 0
    if (length > maxEncodedBytes) throw tooLarge()
  }
  return Buffer.concat(pieces).toString('base64')
}
