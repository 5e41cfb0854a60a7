import type { SessionCaller } from '@linefinder/server'
import type { Wire } from './wire.js'

const scope = 'app-connect:note'
const goodForSeconds = 3600

/** Of this agent's calls only: the phone system's ids say nothing of whose they are. */
const keyOf = ({ connection }: SessionCaller, sessionId: string) => ({ scope, owner: `connection:${connection.id}`, name: sessionId })

/** Keeps what an agent typed during a call until somebody logs it, for at most an hour. */
export async function keepNote({ services: { settings } }: Wire, caller: SessionCaller, sessionId: string, note: string): Promise<void> {
  await settings.forgetOlder(caller.tenantId, scope, goodForSeconds)
  await settings.put(caller.tenantId, keyOf(caller, sessionId), note)
}

/** `null` when nothing was typed. */
export async function takeNote({ services: { settings } }: Wire, caller: SessionCaller, sessionId: string): Promise<string | null> {
  const kept = await settings.get(caller.tenantId, keyOf(caller, sessionId))
  const isGood = kept !== null && kept.updatedAt.getTime() > Date.now() - goodForSeconds * 1000
  return isGood && typeof kept.value === 'string' && kept.value !== '' ? kept.value : null
}
