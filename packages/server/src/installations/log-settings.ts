import { z } from 'zod'
import { installationSettings } from '@linefinder/core/api'

const { shape } = installationSettings

/** The parts of an installation's settings that logging goes by, with their defaults. What is not as it should be counts as absent. */
const logSettings = z.object({
  contactMatching: shape.contactMatching.unwrap().catch('on'),
  contactChoice: shape.contactChoice.unwrap().catch('ask'),
  createContacts: shape.createContacts.unwrap().catch('on_request'),
  logDetails: shape.logDetails.catch(undefined),
  timeZone: shape.timeZone.catch(undefined),
  locale: shape.locale.unwrap().catch('en-GB'),
  dateFormat: shape.dateFormat.unwrap().catch('locale'),
  uploadRecordings: shape.uploadRecordings.unwrap().catch(false),
  recordingHosts: shape.recordingHosts.unwrap().catch([]),
  maxRecordingMb: shape.maxRecordingMb.unwrap().catch(100),
})
export type LogSettings = z.infer<typeof logSettings>

export const logSettingsOf = (settings: Readonly<Record<string, unknown>>): LogSettings => logSettings.parse(settings)
