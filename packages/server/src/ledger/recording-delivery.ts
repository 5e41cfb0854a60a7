import { z } from 'zod'
import { CrmError, type ActivityRef, type CallLog, type CrmAdapter } from '@linefinder/core'
import type { CallOptions } from '../crm/crm-gateway.js'
import type { Dependencies } from '../dependencies.js'
import { logSettingsOf } from '../installations/log-settings.js'
import { recordingFileName } from '../recordings/file-name.js'
import { openRecording } from '../recordings/open-recording.js'
import { RecordingRefused } from '../recordings/recording-refused.js'
import { DeliveryError } from './delivery-error.js'
import { isOfKind, type Entry, type RecordingIssue } from './entry.js'
import type { Lane, Lease, Told } from './lease-statements.js'
import { holdForRecording, storeRecordingIssue } from './recording-statements.js'
import type { Waiters } from './waiters.js'

const uploadDeadlineMs = 120_000
const leaseMarginMs = 5000
/** Later and later, over about three quarters of an hour. */
const mostAttempts = 10

/** Brings recordings to the CRM where they belong there. A delivery is never held up for good by one that cannot be had. */
export class RecordingDelivery {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'adapters' | 'gateway' | 'guard'>, private readonly waiters: Waiters) {}

  /**
   * What the CRM has been told when the recording is there as well, or cannot be had. Throws `DeliveryError('recording_failed')` to be tried
   * again, and `CrmError('unauthorized')`. `null`: the lease is lost.
   */
  async bring(connection: Lane, lease: Lease, told: Told, options: CallOptions): Promise<Told | null> {
    const { database, adapters } = this.deps
    const url = isOfKind(lease, 'call') ? wantedUrl(lease, adapters.get(connection.tenantId, connection.adapter), connection) : null
    if (url === null || told.activity === null) return told
    const held = await holdForRecording(database, lease, told, uploadDeadlineMs + leaseMarginMs)
    if (!held) return null
    this.waiters.tell(held)
    const issue = await this.#copy(connection, { ...held, content: told.content } as Entry<'call'>, told.activity, url, options)
    if (issue || lease.recordingIssue) await storeRecordingIssue(database, lease, issue)
    if (issue && !issue.isFinal) throw new DeliveryError('recording_failed', issue.detail)
    return { ...told, recording: issue ? told.recording : url }
  }

  /** `null` when the CRM has it now. */
  async #copy(connection: Lane, entry: Entry<'call'>, ref: ActivityRef, url: string, options: CallOptions): Promise<RecordingIssue | null> {
    const attempts = entry.recordingIssue?.url === url ? entry.recordingIssue.attempts + 1 : 1
    const issueOf = (code: RecordingIssue['code'], detail: string): RecordingIssue =>
      ({ url, code, detail, attempts, isFinal: code === 'recording_refused' || attempts >= mostAttempts, at: new Date().toISOString() })
    try {
      await this.#upload(connection, entry, ref, url, options)
      return null
    } catch (error) {
      if (error instanceof RecordingRefused) return issueOf('recording_refused', error.message)
      if (!(error instanceof CrmError)) return issueOf('recording_failed', 'The phone system could not be read from.')
      if (error.code === 'unauthorized') throw error
      return issueOf(error.isRetryable ? 'recording_failed' : 'recording_refused', `${error.message}.${error.detail === undefined ? '' : ` ${error.detail}`}`)
    }
  }

  async #upload(connection: Lane, entry: Entry<'call'>, ref: ActivityRef, url: string, options: CallOptions): Promise<void> {
    const { gateway, guard } = this.deps
    const { recordingHosts, maxRecordingMb } = logSettingsOf(connection.settings)
    const signal = AbortSignal.timeout(uploadDeadlineMs)
    const { stream, contentType, sizeBytes } = await openRecording(guard, { url, hosts: recordingHosts, maxBytes: maxRecordingMb * 1_000_000, signal })
    let broken: Error | undefined
    stream.on('error', error => { broken = error })
    // The activity was created or updated with the same id.
    const log = { ...entry.content, externalId: `lf-${entry.id}` } as CallLog
    const recording = { stream, contentType, fileName: recordingFileName(log.externalId, url, contentType), sizeBytes }
    try {
      await gateway.call(connection, { ...options, deadlineMs: uploadDeadlineMs, idempotencyKey: `${log.externalId}-${recording.fileName}` }, z.unknown(),
        async (crm, ctx) => crm.uploadRecording?.(ctx, ref, recording, log))
    } catch (error) {
      // What broke the stream is why the CRM's request failed.
      throw broken ?? error
    } finally {
      stream.destroy()
    }
  }
}

function wantedUrl({ content, deliveredRecording, recordingIssue }: Entry<'call'>, adapter: CrmAdapter, { settings }: Lane): string | null {
  const { recordingUrl } = content
  if (recordingUrl === undefined || recordingUrl === deliveredRecording || !adapter.uploadRecording || !logSettingsOf(settings).uploadRecordings) return null
  return recordingIssue?.url === recordingUrl && recordingIssue.isFinal ? null : recordingUrl
}
