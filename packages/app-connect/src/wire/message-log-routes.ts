import { conversationDayOf, messageLogBody, toMessageLog } from './message-log-input.js'
import { newContactId } from './contact-shape.js'
import { isConnectorAdapter } from '../extras.js'
import { refuseAsUnsuccessful, toJson } from './failures.js'
import { parsed } from './login-routes.js'
import { wireRoute } from './route.js'
import { sayDone, sayWarning } from './say.js'
import { adapterOf, type WireRoute } from './wire.js'

export const messageLogRoutes: WireRoute[] = [
  // `logIds` has to be a list whatever happens: the client counts it.
  wireRoute('post', '/messageLog', 'session', async (wire, asked) => {
    const body = parsed(messageLogBody, asked.body)
    const { caller } = asked
    if (body.contactId === newContactId) return { successful: false, logIds: [], ...sayWarning('Create the contact first.') }
    const key = { phoneSystem: caller.phoneSystem, ...conversationDayOf(body) }
    const { resource } = await wire.services.messageLogs.put(caller, key, toMessageLog(body, (asked.body as { logInfo: unknown }).logInfo), wire.settings.deliveryWaitMs)
    if (resource.status === 'failed') return { successful: false, logIds: [], ...sayWarning(`The CRM has not taken the log: ${resource.lastError?.detail ?? resource.lastError?.code ?? ''}`) }
    const adapter = adapterOf(wire, caller)
    const said = isConnectorAdapter(adapter) && resource.activity ? adapter.appConnect.takeMessage(caller.connection.id, resource.activity.id) : null
    return {
      successful: true, logIds: [resource.activity?.id ?? `linefinder-${resource.conversationId}-${resource.day}`],
      ...toJson(said ? { returnMessage: said } : sayDone(resource.status === 'delivered' ? 'Messages logged.' : 'The messages are kept and will be in the CRM as soon as it answers.')),
    }
  }, { refuse: refuseAsUnsuccessful({ logIds: [] }) }),
]
