import type { CrmUserId } from '@linefinder/core'
import type { ToldOf } from './tellers.js'

type Told = ToldOf[keyof ToldOf]

/**
 * With the CRM's user that the mapping of users names for the agent's extension. It is found out at each telling and is not part of what is
 * compared: another mapping alone changes nothing in the CRM. Who is named already stays.
 */
export function withMappedUser<Some extends Told>(told: Some, userId: CrmUserId | null): Some {
  const agent = 'agent' in told ? told.agent : undefined
  if (agent?.extension === undefined || agent.userId !== undefined || userId === null) return told
  return { ...told, agent: { ...agent, userId } }
}
