/** This recording is not copied, however often it is tried. The message says why, for people. */
export class RecordingRefused extends Error {
  override readonly name = 'RecordingRefused'
}
