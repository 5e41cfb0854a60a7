import { activityId, type ActivityRef, type AdapterContext, type ExternalId } from '@linefinder/core'
import { activities } from './answers.js'

/** Of any type: the id is ours, and so stands on one activity only. */
export async function findActivity({ http }: AdapterContext, externalId: ExternalId): Promise<ActivityRef | null> {
  const { data } = await http.get('/activities', { params: { external_id: externalId, limit: 1 } })
  const [found] = activities.parse(data).items
  return found ? { id: activityId.parse(found.id) } : null
}
