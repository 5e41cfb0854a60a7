import type { CrmUserId } from '@linefinder/core'
import type { ToldOf } from './tellers.js'

type Told = ToldOf[keyof ToldOf]

/**
 * With the CRM's user that the mapping of users names for the agent's extension. It is found out at each telling and is not part of what is
 * compared: another mapping alone changes nothing in the CRM. Nobody is looked for where the agent has no extension, or is named already.
 */
export async function withMappedUser<Some extends Told>(told: Some, findUser: (extension: string) => Promise<CrmUserId | null>): Promise<Some> {
  const agent = 'agent' in told ? told.agent : undefined
  if (agent?.extension === undefined || agent.userId !== undefined) return told
  const userId = await findUser(agent.extension)
  return userId === null ? told : { ...told, agent: { ...agent, userId } }
}
