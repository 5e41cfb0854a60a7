import { api } from '@linefinder/core/api'
import { isCountry } from '@linefinder/core/phone'
import { phoneOptionsOf, withCountry } from '../crm/phone-options.js'
import { route, type Route } from '../http/route.js'
import { wrongField } from '../http/wrong-field.js'
import { normalizeLines } from './normalize-lines.js'

export const phoneNumberRoutes: Route[] = [
  route(api.phoneNumbers.normalize, ({ query: { country, area_code: areaCode, output }, caller, request }) => {
    if (country !== undefined && !isCountry(country)) throw wrongField('query', '/country', 'is no country')
    const phone = withCountry(phoneOptionsOf(caller.connection.settings), country)
    return normalizeLines(request, { phone: areaCode === undefined ? phone : { ...phone, areaCode }, output })
  }),
]
