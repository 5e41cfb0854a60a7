import { api } from '@linefinder/core/api'
import { parsePhone, type PhoneFailure } from '@linefinder/core/phone'
import { phoneOptionsOf, withCountry } from '../crm/phone-options.js'
import { route, type Route } from '../http/route.js'
import { callerIdName } from './caller-id-name.js'

export const callerIdRoutes: Route[] = [
  /**
   * Empty when there is no name to show: nobody has the number, the deadline came first, the caller withholds it or is one of
   * us, or it is no number at all. None of these is a failure: the phone rings on and shows the number.
   */
  route(api.contacts.callerId, async ({ query: { number, country, deadline_ms: deadlineMs }, caller, services, requestId, log, signal }) => {
    const parsed = parsePhone(number, withCountry(phoneOptionsOf(caller.connection.settings), country))
    if (!parsed.ok && nameless.includes(parsed.reason)) return ''
    const { contacts: [best] } = await services.contacts.lookUp(caller, { text: number, country }, { deadlineMs, fresh: false }, { requestId, log, signal })
    return best === undefined ? '' : callerIdName(best.name)
  }),
]

/** What a lookup refuses to be asked, and nobody's name could be found by. */
const nameless: readonly PhoneFailure[] = ['no_digits', 'too_short', 'too_long', 'not_a_number', 'several_numbers']
