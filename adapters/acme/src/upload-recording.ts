import type { ActivityRef, AdapterContext, Recording } from '@linefinder/core'

/** A recording of the same name takes the other's place in Acme. */
export async function uploadRecording({ http }: AdapterContext, ref: ActivityRef, { stream, contentType, fileName }: Recording): Promise<void> {
  await http.post(`/activities/${encodeURIComponent(ref.id)}/recording`, stream, {
    params: { name: fileName }, headers: { 'Content-Type': contentType },
  })
}
